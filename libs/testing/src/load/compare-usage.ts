import {
  type ExpectedEvent,
  expectedEvent,
  expectedTimeMs,
  sliceKey,
  sumUp,
} from './expected-usage.js';
import { identityKey, type SentUsage } from './sent-usage.js';
import type { StoredEvent, StoredSums, StoredUsage } from './stored-usage.js';

/**
 * Everything in which the stored usage differs from what was sent, one line each; empty when the sums are exact.
 * Each acknowledged identity must be there once and no other, in the raw rows, the identities and both rollups;
 * every further sending must be listed as a repeat or a conflict; no position may appear twice.
 *
 * @param recorded how often each identity stands in the log. Without it no sending stands there twice, which holds for one broker
 *   alone: when one of several dies, the Kafka client sends again what another may have appended.
 */
export function compareUsage(
  project: string,
  sent: SentUsage,
  stored: StoredUsage,
  recorded?: ReadonlyMap<string, number>,
): string[] {
  const { expected, differences } = compareEvents(project, sent, stored.events);
  return [
    ...differences,
    ...compareIdentities(expected, stored.identities),
    ...compareSums(
      'usage_per_day',
      sumUp(
        expected,
        (time) => time.slice(0, 10),
        ({ customer }) => customer,
      ),
      stored.perDay,
    ),
    ...compareSums(
      'usage_per_hour',
      sumUp(
        expected,
        (time) => `${time.slice(0, 10)} ${time.slice(11, 13)}:00:00`,
        () => null,
      ),
      stored.perHour,
    ),
    ...compareSetAside(sent, stored, recorded),
    ...comparePositions(stored),
  ];
}

/** The rows that what was sent must have become, and everything in which the stored rows differ from them. */
export function compareEvents(
  project: string,
  sent: SentUsage,
  stored: readonly StoredEvent[],
): { expected: ExpectedEvent[]; differences: string[] } {
  const differences: string[] = [];
  const expected: ExpectedEvent[] = [];
  const rows = Map.groupBy(stored, ({ source, id }) => identityKey(source, id));
  for (const key of rows.keys()) {
    if (!sent.identities.has(key)) differences.push(`usage_raw has ${key}, which nobody sent`);
  }
  for (const [key, identity] of sent.identities) {
    const [row, ...more] = rows.get(key) ?? [];
    if (more.length > 0) differences.push(`usage_raw has ${key} ${more.length + 1} times`);
    if (!row) {
      if (identity.sendings.acknowledged > 0) differences.push(`usage_raw lacks ${key}`);
      continue;
    }
    const timeMs = expectedTimeMs(identity, row.event_time);
    if (timeMs === null) {
      differences.push(`${key} was received at ${row.event_time}, when it was not on its way`);
      continue;
    }
    const wanted = expectedEvent(project, identity.event, timeMs);
    expected.push(wanted);
    for (const column of Object.keys(wanted) as (keyof ExpectedEvent)[]) {
      if (row[column] !== wanted[column])
        differences.push(`${key}: ${column} is ${row[column]} instead of ${wanted[column]}`);
    }
  }
  return { expected, differences };
}

/** A set: a raw row that was mended has gone through the view twice, which changes no decision. */
function compareIdentities(
  expected: readonly ExpectedEvent[],
  stored: readonly string[],
): string[] {
  const wanted = new Set(expected.map(({ identity }) => identity));
  const found = new Set(stored);
  return wanted.size === found.size && [...wanted].every((identity) => found.has(identity))
    ? []
    : [`usage_identities knows ${found.size} identities, not exactly the ${wanted.size} counted`];
}

function compareSums(
  table: string,
  expected: ReadonlyMap<string, StoredSums>,
  stored: readonly StoredSums[],
): string[] {
  const found = new Map(stored.map((sums) => [sliceKey(sums), sums]));
  const keys = new Set([...expected.keys(), ...found.keys()]);
  return [...keys].flatMap((key) => {
    const wanted = expected.get(key);
    const row = found.get(key);
    // Corrections may leave a slice that comes to nothing.
    if (!wanted) return row?.events === '0' && row.cost === '0' ? [] : [`${table} has ${key}`];
    if (!row) return [`${table} lacks ${key}`];
    return (Object.keys(wanted) as (keyof StoredSums)[])
      .filter((column) => row[column] !== wanted[column])
      .map((column) => `${table} ${key}: ${column} is ${row[column]} instead of ${wanted[column]}`);
  });
}

/** What was sent again without an answer may have arrived or not; what was acknowledged has. */
function compareSetAside(
  sent: SentUsage,
  { setAside }: StoredUsage,
  recorded?: ReadonlyMap<string, number>,
): string[] {
  const found = Map.groupBy(setAside, ({ source, id }) => identityKey(source, id));
  const differences = [...found.keys()]
    .filter((key) => !sent.identities.has(key))
    .map((key) => `usage_set_aside has ${key}, which nobody sent`);
  for (const [key, { sendings, contradictions }] of sent.identities) {
    const rows = found.get(key) ?? [];
    const count = (decided: string) => rows.filter((row) => row.decided_as === decided).length;
    const inLog = recorded?.get(key) ?? 0;
    const sentMost = recorded === undefined ? sendings.tried : inLog - contradictions.acknowledged;
    const otherMost = recorded === undefined ? contradictions.tried : inLog - sendings.acknowledged;
    const bounds = [
      ['repeat', count('repeat'), sendings.acknowledged - 1, sentMost - 1],
      ['conflict', count('conflict'), contradictions.acknowledged, otherMost],
      ['quarantined', count('quarantined'), 0, 0],
    ] as const;
    if (recorded !== undefined && inLog > 0 && rows.length !== inLog - 1)
      differences.push(`${key}: ${rows.length} times set aside, ${inLog} times in the log`);
    for (const [decided, number, least, most] of bounds) {
      if (number < least || number > most)
        differences.push(`${key}: ${number} times ${decided} instead of ${least} to ${most}`);
    }
  }
  return differences;
}

function comparePositions({ events, setAside }: StoredUsage): string[] {
  const seen = new Set<string>();
  return [...events, ...setAside].flatMap(({ position }) => {
    if (seen.has(position)) return [`position ${position} was decided twice`];
    seen.add(position);
    return [];
  });
}
