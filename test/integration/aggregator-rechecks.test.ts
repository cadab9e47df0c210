import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BudgetWrites } from '#postgres/writes';
import { CountingHarness } from './counting-harness.js';
import { BOUNDS } from './counting-process.js';

const CUSTOMERS = 30;
/** Redis keeps a hash with names of more than 64 characters as one that is walked some at a time. */
const nameOf = (n: number) => `customer ${n} `.padEnd(80, '.');

let harness: CountingHarness;
let slices: number;
/** Before or behind the slice of this number, the connection breaks. */
let breaks: { at: number; isBefore: boolean } | null;

beforeAll(async () => {
  harness = await CountingHarness.open();
});
beforeEach(async () => {
  await harness.begin();
  harness.bounds = { ...BOUNDS, recheckCallMax: 4 };
  harness.startAggregator();
  slices = 0;
  breaks = null;
  harness.aroundCount = async (count, { groups }) => {
    if (groups.every(({ recheck }) => recheck === null)) return count();
    slices += 1;
    if (breaks?.at !== slices) return count();
    if (!breaks.isBefore) await count();
    throw new Error('Connection is closed.');
  };
});
afterAll(() => harness.close());

/** Customer n has brought n requests. */
async function newBudget(): Promise<string> {
  const earlier = Array.from({ length: CUSTOMERS }, (_, n) => ({
    customer: nameOf(n),
    event_time: '2026-11-10T12:00:00.000Z',
    usage: { requests: n },
  }));
  await harness.storeEarlier(earlier);
  const lifetime = { kind: 'lifetime' } as const;
  const terms = { per: ['customer' as const], thresholds: [], window: lifetime };
  const id = await harness.newBudget({ ...terms, limit: '1000' });
  await harness.tick();
  return id;
}

const changeLimit = (id: string, limit: string) =>
  new BudgetWrites(harness.postgres).change(harness.project, id, ({ arming }) => ({
    limit,
    arming: arming + 3,
  }));

/** The clock strikes until nothing is left to be held. */
async function settle(): Promise<void> {
  for (let before = -1; before !== slices;) {
    before = slices;
    await harness.tick();
  }
}

/** The customers told of since the last call. */
const told = (type: string) => {
  const numbers = harness.recorded
    .filter((alert) => alert.type === type)
    .map(({ data }) => Number(/\d+/.exec(String(data['customer']))));
  harness.recorded = harness.recorded.filter((alert) => alert.type !== type);
  return numbers.toSorted((a, b) => a - b);
};
const from = (first: number, below = CUSTOMERS) =>
  Array.from({ length: below - first }, (_, n) => first + n);

describe('the counters of a budget whose limit is changed', () => {
  it('are held against it in slices, which a break at any of them neither ends nor repeats', async () => {
    const id = await newBudget();
    await changeLimit(id, '12');
    await settle();
    expect(told('budget.breached')).toEqual(from(12));
    const slicesOfAll = slices;
    // Of 30 counters some four a slice, in each of two partitions.
    expect(slicesOfAll).toBeGreaterThan(10);
    for (let at = 1; at <= slicesOfAll; at += 3) {
      await changeLimit(id, '1000');
      await settle();
      harness.recorded = [];
      slices = 0;
      breaks = { at, isBefore: at % 2 === 0 };
      await changeLimit(id, '13');
      await settle().catch(() => undefined);
      breaks = null;
      harness.startAggregator();
      await harness.tick();
      await settle();
      expect([at, told('budget.breached')]).toEqual([at, from(13)]);
    }
  });

  it('are told of by adding where they are added to between two slices', async () => {
    const id = await newBudget();
    await changeLimit(id, '12');
    await harness.tick();
    await harness.use({ customer: nameOf(3), usage: { requests: 20 } });
    expect(told('budget.breached')).toContain(3);
    const before = slices;
    await settle();
    expect(slices).toBeGreaterThan(before);
    const all = harness.recorded.map(({ data }) => data['customer']);
    expect(all).not.toContain(nameOf(3));
  });

  it('recover also from what was told before a further change, which waits until all are told', async () => {
    const id = await newBudget();
    await changeLimit(id, '12');
    await harness.tick();
    await changeLimit(id, '20');
    await settle();
    expect(told('budget.recovered')).toEqual(from(12, 20));
    expect(told('budget.breached')).toEqual([...from(12), ...from(20)].toSorted((a, b) => a - b));
  });

  it('say nothing more once it is suspended', async () => {
    const id = await newBudget();
    await changeLimit(id, '1');
    await harness.tick();
    const before = told('budget.breached').length;
    await new BudgetWrites(harness.postgres).change(harness.project, id, () => ({
      suspended: true,
    }));
    await settle();
    expect(told('budget.breached')).toEqual([]);
    await new BudgetWrites(harness.postgres).change(harness.project, id, () => ({
      suspended: false,
    }));
    await settle();
    expect(told('budget.breached')).toHaveLength(29 - before);
  });
});
