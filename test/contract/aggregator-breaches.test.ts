import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BudgetWrites } from '#postgres/writes';
import {
  AlertClocksWorkbench,
  happening,
  MINUTE_MS,
  NOON,
  PARTITIONS,
} from './alert-clocks-workbench.js';

let bench: AlertClocksWorkbench;

beforeAll(async () => {
  bench = await AlertClocksWorkbench.open();
});
afterAll(() => bench.close());
beforeEach(() => bench.begin());

describe('the end of a window', () => {
  it('recovers each counter that was breached in it, once', async () => {
    const budget = await bench.newBudget();
    await bench.record([happening(budget), happening(budget, { customer: 'globex' })]);
    const { breaches } = await bench.aggregator();
    bench.clock.atMs = NOON + 60 * MINUTE_MS - 1;
    await breaches.look();
    expect(bench.raised).toEqual([]);
    bench.clock.atMs += 1;
    await breaches.look();
    await breaches.look();
    expect(bench.said()).toEqual([
      ['budget.recovered', '{"customer":"acme"}', 'window'],
      ['budget.recovered', '{"customer":"globex"}', 'window'],
    ]);
    expect(bench.raised[0]?.data).toMatchObject({ cause: 'window', value: '101' });
    const ids = bench.raised.map(({ id }) => id);
    // Another aggregator, before and after the recovery is recorded.
    await (await bench.aggregator()).breaches.look();
    expect(bench.raised.slice(2).map(({ id }) => id)).toEqual(ids);
    expect(await bench.record(bench.raised)).toBe(2);
    await (await bench.aggregator()).breaches.look();
    expect(bench.raised).toHaveLength(4);
  });

  it('recovers nothing that was breached late, has recovered, or is watched no more', async () => {
    const [living, deleted, suspended] = [
      await bench.newBudget(),
      await bench.newBudget(),
      await bench.newBudget({ suspended: true }),
    ];
    await new BudgetWrites(bench.postgres).delete(bench.project, deleted.id);
    await bench.record([
      happening(living, { customer: 'late', raisedMs: NOON + 60 * MINUTE_MS }),
      happening(living, { customer: 'raised' }),
      happening(living, { type: 'budget.recovered', customer: 'raised', threshold: '', arming: 4 }),
      happening(living, { customer: 'lifetime', startMs: null }),
      happening(living, {
        customer: 'long ago',
        startMs: NOON - 8 * 24 * 60 * MINUTE_MS,
        raisedMs: 0,
      }),
      happening(deleted),
      happening(suspended),
    ]);
    bench.clock.atMs = NOON + 61 * MINUTE_MS;
    await (await bench.aggregator()).breaches.look();
    expect(bench.said()).toEqual([]);
  });

  it('recovers what was breached again after its limit had been bench.raised, as another alert', async () => {
    const budget = await bench.newBudget();
    const byLimit = happening(budget, { type: 'budget.recovered', threshold: '', arming: 4 });
    await bench.record([happening(budget), byLimit, happening(budget, { arming: 4 })]);
    bench.clock.atMs = NOON + 61 * MINUTE_MS;
    await (await bench.aggregator()).breaches.look();
    expect(bench.raised.map(({ raised_by }) => raised_by?.arming)).toEqual([4]);
    expect(bench.raised[0]?.id).not.toBe(byLimit.id);
    expect(await bench.record(bench.raised)).toBe(1);
  });

  it('is found again after a day without the table of alerts', async () => {
    const budget = await bench.newBudget();
    await bench.record([happening(budget)]);
    bench.clock.atMs = NOON + 25 * 60 * MINUTE_MS;
    await (await bench.aggregator()).breaches.look();
    expect(bench.said()).toHaveLength(1);
  });
});

describe('reminders', () => {
  const at = (minutes: number) => (bench.clock.atMs = NOON + minutes * MINUTE_MS);

  it('come while the breach lasts, with what the counter holds by then', async () => {
    const budget = await bench.newBudget({ renotify_seconds: 600 });
    await bench.newBudget();
    await bench.record([happening(budget)]);
    await bench.fill(budget, 140n);
    const { breaches } = await bench.aggregator();
    at(19);
    await breaches.look();
    expect(bench.raised).toEqual([]);
    at(20);
    await breaches.look();
    await breaches.look();
    expect(bench.said()).toEqual([['budget.breached', '{"customer":"acme"}', '100%#1']]);
    expect(bench.raised[0]?.data).toMatchObject({ reminder: true, value: '140', limit: '100' });
    await bench.record(bench.raised);
    at(45);
    await breaches.look();
    expect(bench.said().slice(1)).toEqual([['budget.breached', '{"customer":"acme"}', '100%#3']]);
    at(61);
    await breaches.look();
    expect(bench.said().slice(2)).toEqual([['budget.recovered', '{"customer":"acme"}', 'window']]);
  });

  it('come for breaches without a window of their own', async () => {
    const rolling = { kind: 'rolling', seconds: 3_600 } as const;
    const budget = await bench.newBudget({ renotify_seconds: 600, window: rolling });
    await bench.record([happening(budget, { startMs: null })]);
    at(1_000);
    await (await bench.aggregator()).breaches.look();
    expect(bench.said()).toEqual([['budget.breached', '{"customer":"acme"}', '100%#99']]);
  });

  it('end with an acknowledgement, a recovery, and a limit above the counter', async () => {
    const [acknowledged, recovered, lifted] = [
      await bench.newBudget({ renotify_seconds: 600 }),
      await bench.newBudget({ renotify_seconds: 600 }),
      await bench.newBudget({ renotify_seconds: 600, limit: '200' }),
    ];
    const breach = happening(acknowledged);
    await bench.record([
      breach,
      happening(recovered),
      happening(recovered, { type: 'budget.recovered', threshold: '', arming: 4 }),
      happening(lifted),
    ]);
    await bench.fill(lifted, 140n);
    await bench.postgres
      .updateTable('alerts')
      .set({ acknowledged_at: new Date() })
      .where('id', '=', breach.id)
      .execute();
    at(45);
    await (await bench.aggregator()).breaches.look();
    expect(bench.said()).toEqual([]);
  });
});

describe('a raised limit', () => {
  it('recovers a counter that lost its recovery with Redis, once all of its usage is back', async () => {
    const budget = await bench.newBudget();
    await bench.record([happening(budget)]);
    await new BudgetWrites(bench.postgres).change(bench.project, budget.id, ({ arming }) => ({
      limit: '150',
      arming: arming + 1,
    }));
    const { breaches } = await bench.aggregator();
    await bench.fill(budget, 120n, PARTITIONS - 1);
    await breaches.look();
    expect(bench.raised).toEqual([]);
    await bench.fill(budget, 0n);
    await breaches.look();
    // Arming numbers are three times the budget's and the phase of its raise: the breach had 3, now it would have 6.
    expect(bench.raised).toMatchObject([
      {
        type: 'budget.recovered',
        raised_by: { counter: '{"customer":"acme"}', threshold: '100%', arming: 3 },
        data: { cause: 'limit', limit: '150', value: '120' },
      },
    ]);
    await bench.record(bench.raised);
    await (await bench.aggregator()).breaches.look();
    expect(bench.raised).toHaveLength(1);
  });
});
