import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BudgetWrites } from '#postgres/writes';
import {
  AlertClocksHarness,
  happening,
  MINUTE_MS,
  NOON,
  PARTITIONS,
} from './alert-clocks-harness.js';

let harness: AlertClocksHarness;

beforeAll(async () => {
  harness = await AlertClocksHarness.open();
});
afterAll(() => harness.close());
beforeEach(() => harness.begin());

describe('the end of a window', () => {
  it('recovers each counter that was breached in it, once', async () => {
    const budget = await harness.newBudget();
    await harness.record([happening(budget), happening(budget, { customer: 'globex' })]);
    const { breaches } = await harness.aggregator();
    harness.clock.atMs = NOON + 60 * MINUTE_MS - 1;
    await breaches.look();
    expect(harness.raised).toEqual([]);
    harness.clock.atMs += 1;
    await breaches.look();
    await breaches.look();
    expect(harness.said()).toEqual([
      ['budget.recovered', '{"customer":"acme"}', 'window'],
      ['budget.recovered', '{"customer":"globex"}', 'window'],
    ]);
    expect(harness.raised[0]?.data).toMatchObject({ cause: 'window', value: '101' });
    const ids = harness.raised.map(({ id }) => id);
    // Another aggregator, before and after the recovery is recorded.
    await (await harness.aggregator()).breaches.look();
    expect(harness.raised.slice(2).map(({ id }) => id)).toEqual(ids);
    expect(await harness.record(harness.raised)).toBe(2);
    await (await harness.aggregator()).breaches.look();
    expect(harness.raised).toHaveLength(4);
  });

  it('recovers nothing that was breached late, has recovered, or is watched no more', async () => {
    const [living, deleted, suspended] = [
      await harness.newBudget(),
      await harness.newBudget(),
      await harness.newBudget({ suspended: true }),
    ];
    await new BudgetWrites(harness.postgres).delete(harness.project, deleted.id);
    await harness.record([
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
    harness.clock.atMs = NOON + 61 * MINUTE_MS;
    await (await harness.aggregator()).breaches.look();
    expect(harness.said()).toEqual([]);
  });

  it('recovers what was breached again after its limit had been harness.raised, as another alert', async () => {
    const budget = await harness.newBudget();
    const byLimit = happening(budget, { type: 'budget.recovered', threshold: '', arming: 4 });
    await harness.record([happening(budget), byLimit, happening(budget, { arming: 4 })]);
    harness.clock.atMs = NOON + 61 * MINUTE_MS;
    await (await harness.aggregator()).breaches.look();
    expect(harness.raised.map(({ raised_by }) => raised_by?.arming)).toEqual([4]);
    expect(harness.raised[0]?.id).not.toBe(byLimit.id);
    expect(await harness.record(harness.raised)).toBe(1);
  });

  it('is found again after a day without the table of alerts', async () => {
    const budget = await harness.newBudget();
    await harness.record([happening(budget)]);
    harness.clock.atMs = NOON + 25 * 60 * MINUTE_MS;
    await (await harness.aggregator()).breaches.look();
    expect(harness.said()).toHaveLength(1);
  });
});

describe('reminders', () => {
  const at = (minutes: number) => (harness.clock.atMs = NOON + minutes * MINUTE_MS);

  it('come while the breach lasts, with what the counter holds by then', async () => {
    const budget = await harness.newBudget({ renotify_seconds: 600 });
    await harness.newBudget();
    await harness.record([happening(budget)]);
    await harness.fill(budget, 140n);
    const { breaches } = await harness.aggregator();
    at(19);
    await breaches.look();
    expect(harness.raised).toEqual([]);
    at(20);
    await breaches.look();
    await breaches.look();
    expect(harness.said()).toEqual([['budget.breached', '{"customer":"acme"}', '100%#1']]);
    expect(harness.raised[0]?.data).toMatchObject({ reminder: true, value: '140', limit: '100' });
    await harness.record(harness.raised);
    at(45);
    await breaches.look();
    expect(harness.said().slice(1)).toEqual([['budget.breached', '{"customer":"acme"}', '100%#3']]);
    at(61);
    await breaches.look();
    expect(harness.said().slice(2)).toEqual([
      ['budget.recovered', '{"customer":"acme"}', 'window'],
    ]);
  });

  it('come for breaches without a window of their own', async () => {
    const rolling = { kind: 'rolling', seconds: 3_600 } as const;
    const budget = await harness.newBudget({ renotify_seconds: 600, window: rolling });
    await harness.record([happening(budget, { startMs: null })]);
    at(1_000);
    await (await harness.aggregator()).breaches.look();
    expect(harness.said()).toEqual([['budget.breached', '{"customer":"acme"}', '100%#99']]);
  });

  it('end with an acknowledgement, a recovery, and a limit above the counter', async () => {
    const [acknowledged, recovered, lifted] = [
      await harness.newBudget({ renotify_seconds: 600 }),
      await harness.newBudget({ renotify_seconds: 600 }),
      await harness.newBudget({ renotify_seconds: 600, limit: '200' }),
    ];
    const breach = happening(acknowledged);
    await harness.record([
      breach,
      happening(recovered),
      happening(recovered, { type: 'budget.recovered', threshold: '', arming: 4 }),
      happening(lifted),
    ]);
    await harness.fill(lifted, 140n);
    await harness.postgres
      .updateTable('alerts')
      .set({ acknowledged_at: new Date() })
      .where('id', '=', breach.id)
      .execute();
    at(45);
    await (await harness.aggregator()).breaches.look();
    expect(harness.said()).toEqual([]);
  });
});

describe('a raised limit', () => {
  it('recovers a counter that lost its recovery with Redis, once all of its usage is back', async () => {
    const budget = await harness.newBudget();
    await harness.record([happening(budget)]);
    await new BudgetWrites(harness.postgres).change(harness.project, budget.id, ({ arming }) => ({
      limit: '150',
      arming: arming + 1,
    }));
    const { breaches } = await harness.aggregator();
    await harness.fill(budget, 120n, PARTITIONS - 1);
    await breaches.look();
    expect(harness.raised).toEqual([]);
    await harness.fill(budget, 0n);
    await breaches.look();
    // Arming numbers are three times the budget's and the phase of its raise: the breach had 3, now it would have 6.
    expect(harness.raised).toMatchObject([
      {
        type: 'budget.recovered',
        raised_by: { counter: '{"customer":"acme"}', threshold: '100%', arming: 3 },
        data: { cause: 'limit', limit: '150', value: '120' },
      },
    ]);
    await harness.record(harness.raised);
    await (await harness.aggregator()).breaches.look();
    expect(harness.raised).toHaveLength(1);
  });
});
