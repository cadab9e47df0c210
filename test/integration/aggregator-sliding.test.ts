import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BudgetWrites, RateWrites } from '#postgres/writes';
import { eventually } from '#testing';
import { CountingHarness, NOON } from './counting-harness.js';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

let harness: CountingHarness;

beforeAll(async () => {
  harness = await CountingHarness.open();
});
beforeEach(() => harness.begin());
afterAll(() => harness.close());

const requests = (requests: number) => ({ usage: { requests } });
const idsOf = () => harness.recorded.map(({ id }) => id);

describe('a rolling budget', () => {
  it('raises its thresholds, recovers as its span moves on, and breaches again as another alert', async () => {
    await harness.newBudget();
    await harness.tick();
    await harness.use(requests(60));
    await harness.tick(30 * SECOND_MS);
    await harness.use(requests(40), { partition: 1 });
    const first = idsOf();
    expect(harness.said()).toEqual(['budget.threshold_reached 50% 60', 'budget.breached 100% 100']);
    // Sixty seconds behind the first sixty, forty are left.
    await harness.tick(30 * SECOND_MS);
    const [recovery] = harness.recorded;
    expect(recovery).toMatchObject({
      type: 'budget.recovered',
      raised_at: '2026-11-11T12:01:00.000Z',
      raised_by: { arming: 1, window_start: null, window_end: null },
      data: { value: '40', cause: 'window', limit: '100' },
    });
    harness.recorded = [];
    await harness.use(requests(80));
    expect(idsOf().some((id) => first.includes(id))).toBe(false);
    expect(harness.said()).toEqual([
      'budget.threshold_reached 50% 120',
      'budget.breached 100% 120',
    ]);
  });

  it('counts what its span holds already when it is made', async () => {
    await harness.newBudget({ limit: '1000', thresholds: [] });
    await harness.tick();
    await harness.use(requests(70));
    await harness.store();
    await harness.use(requests(29), { partition: 1 });
    await harness.newBudget();
    await harness.tick();
    // Partitions bring their usage in any order.
    expect(harness.said()).toEqual([
      expect.stringMatching(/^budget.threshold_reached 50% (70|99)$/),
    ]);
    await harness.use(requests(1));
    expect(harness.said()).toEqual(['budget.breached 100% 100']);
  });

  it('follows a changed limit, a temporary raise and its end, a suspension and a deletion', async () => {
    const id = await harness.newBudget({ thresholds: [] });
    const budgets = new BudgetWrites(harness.postgres);
    const change = (fields: object) =>
      budgets.change(harness.project, id, ({ arming }) => ({ ...fields, arming: arming + 1 }));
    await harness.tick();
    await harness.use(requests(110));
    await change({ limit: '200' });
    await harness.tick();
    await change({ limit: '105' });
    await harness.tick();
    expect(harness.said()).toEqual([
      'budget.breached 100% 110',
      'budget.recovered 100% 110',
      'budget.breached 100% 110',
    ]);
    const until = new Date(NOON + 10 * SECOND_MS).toISOString();
    await change({ raise: { limit: '150', until } });
    await harness.tick();
    expect(harness.said()).toEqual(['budget.recovered 100% 110']);
    await harness.tick(10 * SECOND_MS);
    expect(harness.said()).toEqual(['budget.breached 100% 110']);
    await change({ suspended: true });
    await harness.tick(20 * SECOND_MS);
    await harness.use(requests(500));
    expect(harness.said()).toEqual([]);
    await change({ suspended: false });
    await harness.tick();
    expect(harness.said()).toEqual(['budget.breached 100% 610']);
    await budgets.delete(harness.project, id);
    await harness.tick();
    await harness.tick(70 * SECOND_MS);
    await harness.use(requests(500));
    expect(harness.said()).toEqual([]);
  });
});

describe('a rate', () => {
  it('is exceeded for each of its counters, and recovers by time alone', async () => {
    await harness.newRate({ per: ['customer'], limit: '3' });
    await harness.tick();
    for (const customer of ['acme', 'acme', 'blue', 'acme']) await harness.use({ customer });
    expect(harness.recorded).toMatchObject([
      {
        type: 'rate.exceeded',
        data: { counter: { customer: 'acme' }, over_seconds: 60, limit: '3', value: '3' },
      },
    ]);
    harness.recorded = [];
    await harness.tick(59 * SECOND_MS);
    expect(harness.said()).toEqual([]);
    await harness.tick(SECOND_MS);
    expect(harness.said()).toEqual(['rate.recovered bound 0']);
  });

  it('of errors and of latency has a least number of events, and a decimal value', async () => {
    await harness.newRate({ on: 'errors', limit: '0.5', events_min: 4 });
    await harness.newRate({ on: 'latency_p95', limit: '900', events_min: 4 });
    await harness.tick();
    for (const latency_ms of [1_000, 1_000, 1_000])
      await harness.use({ status: 'error', latency_ms });
    expect(harness.said()).toEqual([]);
    await harness.use({ status: 'ok', latency_ms: null });
    expect(harness.said()).toEqual(['rate.exceeded bound 0.75']);
    await harness.use({ status: 'ok', latency_ms: 5 });
    const [slow] = harness.said();
    // Within five percent of 1,000 ms.
    const value = Number(slow!.replace('rate.exceeded bound ', ''));
    expect(value).toBeGreaterThan(950);
    expect(value).toBeLessThan(1_050);
  });

  it('is held against a changed limit at once, with or without usage', async () => {
    const id = await harness.newRate({ limit: '10' });
    const change = (limit: string) =>
      new RateWrites(harness.postgres).change(harness.project, id, () => ({ limit }));
    await harness.tick();
    await harness.use(requests(8));
    await change('8');
    await harness.tick();
    await change('7');
    await harness.tick();
    await change('9');
    await harness.tick();
    expect(harness.said()).toEqual(['rate.exceeded bound 8', 'rate.recovered bound 8']);
  });

  it('against earlier days takes the median of their hours, and says nothing without three', async () => {
    const hours = (days: number[], customer: string) =>
      days.flatMap((count, back) =>
        count === 0
          ? []
          : [
              {
                customer,
                event_time: new Date(NOON - (back + 1) * DAY_MS + 5 * 60_000).toISOString(),
                usage: { requests: count },
              },
            ],
      );
    await harness.storeEarlier([
      ...hours([300, 120, 60, 240], 'acme'),
      ...hours([600, 600], 'blue'),
    ]);
    await harness.newRate({ limit: null, change_percent: 100, per: ['customer'] });
    await harness.tick();
    const thisHour = `{${harness.project}}:baseline:*:${NOON}`;
    await eventually(async () => ((await harness.redis.keys(thisHour)).length === 1 ? true : null));
    // Between 120 and 240 an hour is 180, so 3 a minute, and twice that.
    await harness.use({ customer: 'blue', ...requests(1_000) });
    await harness.use({ customer: 'acme', ...requests(5) });
    expect(harness.said()).toEqual([]);
    await harness.use({ customer: 'acme', ...requests(1) });
    expect(harness.recorded).toMatchObject([
      { type: 'rate.exceeded', data: { counter: { customer: 'acme' }, limit: '6', value: '6' } },
    ]);
  });
});

describe('a loss of Redis', () => {
  it('raises nothing again under another id, and forgets no recovery', async () => {
    await harness.newBudget();
    await harness.newRate({ limit: '100' });
    await harness.tick();
    await harness.use(requests(110));
    await harness.store();
    await harness.use(requests(1), { partition: 1 });
    expect(harness.said().sort()).toEqual([
      'budget.breached 100% 110',
      'budget.threshold_reached 50% 110',
      'rate.exceeded bound 110',
    ]);
    await harness.lose();
    await harness.tick(SECOND_MS);
    await harness.lose();
    harness.startAggregator();
    await harness.tick(SECOND_MS);
    expect(harness.said()).toEqual([]);
    await harness.tick(58 * SECOND_MS);
    expect(harness.said().sort()).toEqual(['budget.recovered 100% 0', 'rate.recovered bound 0']);
    await harness.lose();
    await harness.use(requests(100));
    expect(harness.said().sort()).toEqual([
      'budget.breached 100% 100',
      'budget.threshold_reached 50% 100',
      'rate.exceeded bound 100',
    ]);
  });

  it('that takes it back in time is made good, also where the outbox lags behind', async () => {
    await harness.newRate({ limit: '100' });
    await harness.tick();
    const before = await harness.dump();
    harness.isOutboxAway = true;
    await harness.use(requests(100));
    await harness.tick(60 * SECOND_MS);
    await harness.lose(before);
    harness.startAggregator();
    await harness.use(requests(150));
    harness.isOutboxAway = false;
    await harness.tick();
    await harness.tick();
    expect(harness.said()).toEqual([
      'rate.exceeded bound 100',
      'rate.recovered bound 0',
      'rate.exceeded bound 150',
    ]);
  });
});
