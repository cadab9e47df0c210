import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JobLock } from '#postgres';
import { AlertClocksHarness, PARTITIONS } from './alert-clocks-harness.js';

let harness: AlertClocksHarness;

beforeAll(async () => {
  harness = await AlertClocksHarness.open();
});
afterAll(() => harness.close());
beforeEach(() => harness.begin());

describe('a projected overrun', () => {
  const monthly = {
    projected: true,
    window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
  } as const;

  it('is raised once, and only when every partition has brought its usage', async () => {
    const budget = await harness.newBudget(monthly);
    harness.clock.atMs = Date.parse('2026-11-11T00:00:00.000Z');
    await harness.fill(budget, 40n, PARTITIONS - 1);
    const { overruns } = await harness.aggregator();
    await overruns.look();
    expect(harness.raised).toEqual([]);
    await harness.fill(budget, 0n);
    await overruns.look();
    await overruns.look();
    expect(harness.said()).toEqual([
      ['budget.projected_overrun', '{"customer":"acme"}', 'projected'],
    ]);
    expect(harness.raised[0]?.data).toMatchObject({
      value: '40',
      projected_value: '120',
      exhausted_at: '2026-11-26T00:00:00.000Z',
    });
  });

  it('is raised also behind a budget that cannot be looked at, and one that cannot be computed', async () => {
    harness.clock.atMs = Date.parse('2026-11-11T00:00:00.000Z');
    const inIst = { ...monthly, window: { ...monthly.window, time_zone: 'IST' } };
    await harness.newBudget(inIst);
    const spoilt = await harness.newBudget(monthly);
    await harness.fill(spoilt, 0n);
    await harness.spoil(spoilt);
    const good = await harness.newBudget(monthly);
    await harness.fill(good, 40n);
    const before = await harness.faults();
    await (await harness.aggregator()).overruns.look();
    expect(harness.raised.map(({ data }) => data['budget'])).toEqual([good.id]);
    expect((await harness.faults()) - before).toBe(1);
  });

  it('is not raised for budgets that do not ask for it, or are suspended', async () => {
    harness.clock.atMs = Date.parse('2026-11-11T00:00:00.000Z');
    for (const change of [{ projected: false }, { suspended: true }])
      await harness.fill(await harness.newBudget({ ...monthly, ...change }), 40n);
    await (await harness.aggregator()).overruns.look();
    expect(harness.raised).toEqual([]);
  });
});

describe('a budget that cannot be computed', () => {
  it('is told of once, with its name and the reason', async () => {
    const window = { kind: 'calendar', unit: 'month', time_zone: 'IST' } as const;
    const { id } = await harness.newBudget({ window });
    for (let round = 0; round < 2; round += 1) {
      const { setAside } = await harness.aggregator();
      await setAside.look();
      await setAside.look();
    }
    const [first, again, ...others] = harness.raised;
    expect(others).toEqual([]);
    // Another process says it again, and it is the same alert.
    expect(again!.id).toBe(first!.id);
    expect(first).toMatchObject({
      type: 'budget.set_aside',
      raised_by: null,
      data: {
        budget: id,
        name: 'Acme, hourly',
        reason: '"IST" is no IANA time zone such as "Europe/Berlin"',
      },
    });
    expect(await harness.record(harness.raised)).toBe(1);
  });
});

describe('a job', () => {
  it('is done by one process at a time', async () => {
    const lock = (job: string) => new JobLock(harness.postgres, job);
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<void>();
    const first = lock('a').holding(() => {
      begun.resolve();
      return end.promise;
    });
    await begun.promise;
    expect(await lock('a').holding(() => Promise.resolve())).toBe(false);
    expect(await lock('b').holding(() => Promise.resolve())).toBe(true);
    end.resolve();
    expect(await first).toBe(true);
    expect(await lock('a').holding(() => Promise.resolve())).toBe(true);
  });
});
