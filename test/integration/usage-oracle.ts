import { decimalFromPico, picoFromDecimal } from '#money';
import type { Dimension, Event, Question } from './usage-questions.js';

/** What the answer has to be, worked out from the events alone: the sums by local window and group. */
export function expectedGroups(
  events: Event[],
  { edges, window, zone, groupBy, filters }: Question,
): Map<string, Record<string, unknown>> {
  const [from = 0, to = 0] = edges;
  const asked = events.filter((event) => {
    const at = Date.parse(event.event_time);
    const passes = Object.entries(filters).every(([name, values]) =>
      values.includes(event[name as Dimension] ?? ''),
    );
    return at >= from && at < to && passes;
  });
  const groups = Map.groupBy(asked, (event) =>
    JSON.stringify([
      localLabel(Date.parse(event.event_time), window, zone),
      ...groupBy.map((name) => event[name] ?? null),
    ]),
  );
  return new Map([...groups].map(([group, some]) => [group, sumsOf(some)]));
}

/** The sums of some events, in plain arithmetic. */
export function sumsOf(some: Event[]): Record<string, unknown> {
  const sum = (field: string): bigint =>
    some.reduce((total, { usage }) => total + BigInt(usage[field] ?? 0), 0n);
  const pico = some.reduce(
    (total, { cost }) => total + (cost?.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n),
    0n,
  );
  return {
    events: BigInt(some.length),
    requests: sum('requests'),
    input_tokens: sum('input_tokens'),
    cache_read_tokens: sum('cache_read_tokens'),
    cache_write_tokens: sum('cache_write_tokens'),
    output_tokens: sum('output_tokens'),
    output_reasoning_tokens: sum('output_reasoning_tokens'),
    cost: decimalFromPico(pico),
    currency: 'USD',
    unpriced_events: BigInt(some.filter(({ cost }) => cost?.state === 'unpriced').length),
  };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** The local month, day or hour of a moment, from Intl alone. */
export function localLabel(epochMs: number, window: string, timeZone: string): string {
  if (window === 'total') return '';
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      timeZoneName: 'longOffset',
    });
  formats.set(timeZone, format);
  const part = Object.fromEntries(
    format.formatToParts(epochMs).map(({ type, value }) => [type, value]),
  );
  const month = `${part['year']}-${part['month']}`;
  if (window === 'month') return month;
  return window === 'day'
    ? `${month}-${part['day']}`
    : `${month}-${part['day']} ${part['hour']} ${part['timeZoneName']}`;
}
