import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { JobLock } from '#postgres';
import { AlertClocksWorkbench, PARTITIONS } from './alert-clocks-workbench.js';

let bench: AlertClocksWorkbench;

beforeAll(async () => {
  bench = await AlertClocksWorkbench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

describe('a projected overrun', () => {
  const monthly = {
    projected: true,
    window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
  } as const;

  it('is raised once, and only when every partition has brought its usage', async () => {
    const budget = await bench.newBudget(monthly);
    bench.clock.atMs = Date.parse('2026-11-11T00:00:00.000Z');
    await bench.fill(budget, 40n, PARTITIONS - 1);
    const { overruns } = await bench.aggregator();
    await overruns.look();
    expect(bench.raised).toEqual([]);
    await bench.fill(budget, 0n);
    await overruns.look();
    await overruns.look();
    expect(bench.said()).toEqual([
      ['budget.projected_overrun', '{"customer":"acme"}', 'projected'],
    ]);
    expect(bench.raised[0]?.data).toMatchObject({
      value: '40',
      projected_value: '120',
      exhausted_at: '2026-11-26T00:00:00.000Z',
    });
  });

  it('is not raised for budgets that do not ask for it, or are suspended', async () => {
    bench.clock.atMs = Date.parse('2026-11-11T00:00:00.000Z');
    for (const change of [{ projected: false }, { suspended: true }])
      await bench.fill(await bench.newBudget({ ...monthly, ...change }), 40n);
    await (await bench.aggregator()).overruns.look();
    expect(bench.raised).toEqual([]);
  });
});

describe('a job', () => {
  it('is done by one process at a time', async () => {
    const lock = (job: string) => new JobLock(bench.postgres, job);
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
