import { createHash } from 'node:crypto';
import {
  NOTHING_CARRIED,
  type PricedEnvelope,
  type PricedUsage,
  type QuarantinedUsage,
} from '#contracts';
import type { World } from './world.js';

/** Of one partition of `usage.recorded`. */
export const RECORDS = 14;
/** On which events happen. */
export const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03'];
const IDENTITIES = 25;
/** Of one record: each seed draws its own most. */
const ITEMS_MAX = 8;

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

function usageEvent(world: World, partition: number): PricedUsage {
  const n = world.below(IDENTITIES);
  const content = world.chance(0.2) ? 'other' : 'same';
  const unpriced = n % 6 === 0;
  return {
    outcome: 'usage',
    identity: hash(`${partition} ${n}`),
    content: hash(`${n} ${content}`),
    project: 'p1',
    source: 'api',
    id: `e${n}`,
    type: 'llm.call',
    key: 'k1',
    event_time: `${DAYS[n % DAYS.length]}T12:00:00.000Z`,
    received_at: '2026-11-02T12:00:00.000Z',
    ...NOTHING_CARRIED,
    customer: `c${n % 4}`,
    model: unpriced ? `m${n % 4}` : null,
    usage: { input_tokens: n },
    cost: unpriced
      ? {
          state: 'unpriced',
          reason: 'unknown_model',
          detail: '',
          partial: '0',
          lines: [],
          price_version: 'v1',
        }
      : {
          state: 'priced',
          amount: `0.00000000${content === 'same' ? 1 : 2}00${n % 10}`,
          lines: [],
          price_version: 'v1',
        },
  };
}

const quarantinedItem = (reason: QuarantinedUsage['reason']): QuarantinedUsage => ({
  outcome: 'quarantined',
  reason,
  detail: 'no event',
  project: 'p1',
  source: null,
  id: null,
  payload: '{}',
  payload_encoding: 'json',
});

/** What pricing writes: each record once in order, with stretches of it again after its own crashes. */
export function pricedRecords(world: World, partition: number): PricedEnvelope[] {
  const itemsMax = 1 + world.below(ITEMS_MAX);
  const originals = Array.from({ length: RECORDS }, (_, offset): PricedEnvelope => ({
    v: 1,
    origin: {
      cluster: 'c1',
      partition,
      offset: String(offset),
      appended_at: '2026-11-02T12:00:00.000Z',
    },
    items: Array.from({ length: 1 + world.below(itemsMax) }, () =>
      world.chance(0.05)
        ? quarantinedItem(world.pick(['not_json', 'invalid_event']))
        : usageEvent(world, partition),
    ),
  }));
  const written: PricedEnvelope[] = [];
  for (let next = 0; next < originals.length; next++) {
    written.push(originals[next]!);
    if (world.chance(0.1)) next = Math.max(-1, next - 1 - world.below(4));
  }
  return written;
}
