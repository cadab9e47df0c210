import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { readCounterSums } from '#redis';
import { someBudget } from '#samples';
import { type Budget, compileBudget } from '#watches';
import { CountingHarness, NOON } from './counting-harness.js';
import { BOUNDS, PARTITIONS } from './counting-process.js';

const DAY_MS = 86_400_000;
const CUSTOMERS = 7;
const EVENTS = 60;
/** A slice holds a few days, and a call a few counters of it. */
const SMALL = { ...BOUNDS, sliceEventsMax: 11, seedCallMax: 3 };

let harness: CountingHarness;

beforeAll(async () => {
  harness = await CountingHarness.open();
});
beforeEach(() => harness.begin());
afterAll(() => harness.close());

/** Event n happened n days and a half ago, of customer n modulo 7, and brought n + 1 requests. */
const earlier = Array.from({ length: EVENTS }, (_, n) => ({
  customer: `c${n % CUSTOMERS}`,
  event_time: new Date(NOON - (n + 0.5) * DAY_MS).toISOString(),
  received_at: new Date(NOON - n * DAY_MS).toISOString(),
  usage: { requests: n + 1 },
}));
const sumOf = (customer: number) =>
  earlier.reduce((sum, { usage }, n) => sum + (n % CUSTOMERS === customer ? usage.requests : 0), 0);

const budget: Partial<Budget> = {
  on: 'requests',
  scope: {},
  per: ['customer'],
  limit: '240',
  window: { kind: 'lifetime' },
  thresholds: [],
};
const expected = Object.fromEntries(
  Array.from({ length: CUSTOMERS }, (_, n) => [`{"customer":"c${n}"}`, BigInt(sumOf(n))]),
);

async function sumsOf(id: string, per = budget.per!): Promise<Record<string, bigint> | null> {
  const { definition } = compileBudget(someBudget({ ...budget, per, id }));
  const { project, redis } = harness;
  const request = { project, definition, windowStarts: [0], partitions: PARTITIONS };
  const sums = await readCounterSums(redis, request, null);
  return sums && Object.fromEntries([...sums].map(([key, { amount }]) => [key, amount]));
}

describe('what is stored before a budget is made', () => {
  it('is added in slices that a break at any call neither loses nor doubles, and alerts once', async () => {
    await harness.storeEarlier(earlier);
    let calls = 0;
    let breaks: { at: number; isBefore: boolean } | null = null;
    harness.aroundCount = async (count) => {
      calls += 1;
      if (breaks?.at !== calls) return count();
      if (!breaks.isBefore) await count();
      throw new Error('Connection is closed.');
    };
    harness.bounds = SMALL;
    harness.startAggregator();
    const whole = await harness.newBudget(budget);
    await harness.tick();
    expect(await sumsOf(whole)).toEqual(expected);
    const callsOfAll = calls;
    expect(callsOfAll).toBeGreaterThan(15);
    // c4 alone stays below 240: 8 events, 8 * 5 + 7 * 28 = 236.
    expect(harness.said()).toHaveLength(6);
    for (let at = 1; at <= callsOfAll; at += 3) {
      await harness.lose();
      calls = 0;
      breaks = { at, isBefore: at % 2 === 0 };
      harness.startAggregator();
      await harness.tick().catch(() => undefined);
      breaks = null;
      harness.startAggregator();
      await harness.tick();
      await harness.tick(60_000);
      await harness.tick(60_000);
      expect([at, await sumsOf(whole)]).toEqual([at, expected]);
      expect([at, harness.said()]).toEqual([at, []]);
    }
  });

  it('goes on where it was when Redis goes back to the middle of it', async () => {
    await harness.storeEarlier(earlier);
    harness.bounds = SMALL;
    harness.startAggregator();
    const id = await harness.newBudget(budget);
    const dumps: [string, Buffer][][] = [];
    harness.aroundCount = async (count) => {
      dumps.push(await harness.dump());
      return count();
    };
    await harness.tick();
    await harness.tick();
    harness.aroundCount = (count) => count();
    for (const dump of dumps.filter((_, at) => at % 5 === 2)) {
      await harness.lose(dump);
      await harness.tick();
      await harness.tick();
      expect(await sumsOf(id)).toEqual(expected);
    }
  });

  it('keeps no event from being counted and told of at once', async () => {
    await harness.storeEarlier(earlier);
    const id = await harness.newBudget({ ...budget, limit: '5', per: [] });
    harness.aroundCount = async (count, { seeds, seeding, groups }) => {
      const isOfSlice = seeds.length + seeding.length > 0 && groups.length > 0;
      if (isOfSlice) throw new Error('Connection is closed.');
      return count();
    };
    harness.bounds = SMALL;
    harness.startAggregator();
    await harness.use({ customer: 'live', usage: { requests: 5 } });
    expect(await sumsOf(id, [])).toBeNull();
    expect(harness.said()).toEqual(['budget.breached 100% 5']);
    await harness.store();
    harness.aroundCount = (count) => count();
    await harness.tick(60_000);
    await harness.tick(60_000);
    // 1 + 2 + ... + 60 and the five.
    expect(await sumsOf(id, [])).toEqual({ '{}': 1_835n });
    expect(harness.said()).toEqual([]);
  });
});
