import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { BudgetWrites, RateWrites } from '#postgres/writes';
import { eventually } from '#testing';
import { CountingWorkbench, NOON } from './counting-workbench.js';

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

let bench: CountingWorkbench;

beforeAll(async () => {
  bench = await CountingWorkbench.open();
});
beforeEach(() => bench.begin());
afterAll(() => bench.close());

const requests = (requests: number) => ({ usage: { requests } });
const idsOf = () => bench.recorded.map(({ id }) => id);

describe('a rolling budget', () => {
  it('raises its thresholds, recovers as its span moves on, and breaches again as another alert', async () => {
    await bench.newBudget();
    await bench.tick();
    await bench.use(requests(60));
    await bench.tick(30 * SECOND_MS);
    await bench.use(requests(40), { partition: 1 });
    const first = idsOf();
    expect(bench.said()).toEqual(['budget.threshold_reached 50% 60', 'budget.breached 100% 100']);
    // Sixty seconds behind the first sixty, forty are left.
    await bench.tick(30 * SECOND_MS);
    const [recovery] = bench.recorded;
    expect(recovery).toMatchObject({
      type: 'budget.recovered',
      raised_at: '2026-11-11T12:01:00.000Z',
      raised_by: { arming: 1, window_start: null, window_end: null },
      data: { value: '40', cause: 'window', limit: '100' },
    });
    bench.recorded = [];
    await bench.use(requests(80));
    expect(idsOf().some((id) => first.includes(id))).toBe(false);
    expect(bench.said()).toEqual(['budget.threshold_reached 50% 120', 'budget.breached 100% 120']);
  });

  it('counts what its span holds already when it is made', async () => {
    await bench.newBudget({ limit: '1000', thresholds: [] });
    await bench.tick();
    await bench.use(requests(70));
    await bench.store();
    await bench.use(requests(29), { partition: 1 });
    await bench.newBudget();
    await bench.tick();
    // Partitions bring their usage in any order.
    expect(bench.said()).toEqual([expect.stringMatching(/^budget.threshold_reached 50% (70|99)$/)]);
    await bench.use(requests(1));
    expect(bench.said()).toEqual(['budget.breached 100% 100']);
  });

  it('follows a changed limit, a temporary raise and its end, a suspension and a deletion', async () => {
    const id = await bench.newBudget({ thresholds: [] });
    const budgets = new BudgetWrites(bench.postgres);
    const change = (fields: object) =>
      budgets.change(bench.project, id, ({ arming }) => ({ ...fields, arming: arming + 1 }));
    await bench.tick();
    await bench.use(requests(110));
    await change({ limit: '200' });
    await bench.tick();
    await change({ limit: '105' });
    await bench.tick();
    expect(bench.said()).toEqual([
      'budget.breached 100% 110',
      'budget.recovered 100% 110',
      'budget.breached 100% 110',
    ]);
    const until = new Date(NOON + 10 * SECOND_MS).toISOString();
    await change({ raise: { limit: '150', until } });
    await bench.tick();
    expect(bench.said()).toEqual(['budget.recovered 100% 110']);
    await bench.tick(10 * SECOND_MS);
    expect(bench.said()).toEqual(['budget.breached 100% 110']);
    await change({ suspended: true });
    await bench.tick(20 * SECOND_MS);
    await bench.use(requests(500));
    expect(bench.said()).toEqual([]);
    await change({ suspended: false });
    await bench.tick();
    expect(bench.said()).toEqual(['budget.breached 100% 610']);
    await budgets.delete(bench.project, id);
    await bench.tick();
    await bench.tick(70 * SECOND_MS);
    await bench.use(requests(500));
    expect(bench.said()).toEqual([]);
  });
});

describe('a rate', () => {
  it('is exceeded for each of its counters, and recovers by time alone', async () => {
    await bench.newRate({ per: ['customer'], limit: '3' });
    await bench.tick();
    for (const customer of ['acme', 'acme', 'blue', 'acme']) await bench.use({ customer });
    expect(bench.recorded).toMatchObject([
      {
        type: 'rate.exceeded',
        data: { counter: { customer: 'acme' }, over_seconds: 60, limit: '3', value: '3' },
      },
    ]);
    bench.recorded = [];
    await bench.tick(59 * SECOND_MS);
    expect(bench.said()).toEqual([]);
    await bench.tick(SECOND_MS);
    expect(bench.said()).toEqual(['rate.recovered bound 0']);
  });

  it('of errors and of latency has a least number of events, and a decimal value', async () => {
    await bench.newRate({ on: 'errors', limit: '0.5', events_min: 4 });
    await bench.newRate({ on: 'latency_p95', limit: '900', events_min: 4 });
    await bench.tick();
    for (const latency_ms of [1_000, 1_000, 1_000])
      await bench.use({ status: 'error', latency_ms });
    expect(bench.said()).toEqual([]);
    await bench.use({ status: 'ok', latency_ms: null });
    expect(bench.said()).toEqual(['rate.exceeded bound 0.75']);
    await bench.use({ status: 'ok', latency_ms: 5 });
    const [slow] = bench.said();
    // Within five percent of 1,000 ms.
    const value = Number(slow!.replace('rate.exceeded bound ', ''));
    expect(value).toBeGreaterThan(950);
    expect(value).toBeLessThan(1_050);
  });

  it('is held against a changed limit at once, with or without usage', async () => {
    const id = await bench.newRate({ limit: '10' });
    const change = (limit: string) =>
      new RateWrites(bench.postgres).change(bench.project, id, () => ({ limit }));
    await bench.tick();
    await bench.use(requests(8));
    await change('8');
    await bench.tick();
    await change('7');
    await bench.tick();
    await change('9');
    await bench.tick();
    expect(bench.said()).toEqual(['rate.exceeded bound 8', 'rate.recovered bound 8']);
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
    await bench.storeEarlier([...hours([300, 120, 60, 240], 'acme'), ...hours([600, 600], 'blue')]);
    await bench.newRate({ limit: null, change_percent: 100, per: ['customer'] });
    await bench.tick();
    const thisHour = `{${bench.project}}:baseline:*:${NOON}`;
    await eventually(async () => ((await bench.redis.keys(thisHour)).length === 1 ? true : null));
    // Between 120 and 240 an hour is 180, so 3 a minute, and twice that.
    await bench.use({ customer: 'blue', ...requests(1_000) });
    await bench.use({ customer: 'acme', ...requests(5) });
    expect(bench.said()).toEqual([]);
    await bench.use({ customer: 'acme', ...requests(1) });
    expect(bench.recorded).toMatchObject([
      { type: 'rate.exceeded', data: { counter: { customer: 'acme' }, limit: '6', value: '6' } },
    ]);
  });
});

describe('a loss of Redis', () => {
  it('raises nothing again under another id, and forgets no recovery', async () => {
    await bench.newBudget();
    await bench.newRate({ limit: '100' });
    await bench.tick();
    await bench.use(requests(110));
    await bench.store();
    await bench.use(requests(1), { partition: 1 });
    expect(bench.said().sort()).toEqual([
      'budget.breached 100% 110',
      'budget.threshold_reached 50% 110',
      'rate.exceeded bound 110',
    ]);
    await bench.lose();
    await bench.tick(SECOND_MS);
    await bench.lose();
    bench.startAggregator();
    await bench.tick(SECOND_MS);
    expect(bench.said()).toEqual([]);
    await bench.tick(58 * SECOND_MS);
    expect(bench.said().sort()).toEqual(['budget.recovered 100% 0', 'rate.recovered bound 0']);
    await bench.lose();
    await bench.use(requests(100));
    expect(bench.said().sort()).toEqual([
      'budget.breached 100% 100',
      'budget.threshold_reached 50% 100',
      'rate.exceeded bound 100',
    ]);
  });

  it('that takes it back in time is made good, also where the outbox lags behind', async () => {
    await bench.newRate({ limit: '100' });
    await bench.tick();
    const before = await bench.dump();
    bench.isOutboxAway = true;
    await bench.use(requests(100));
    await bench.tick(60 * SECOND_MS);
    await bench.lose(before);
    bench.startAggregator();
    await bench.use(requests(150));
    bench.isOutboxAway = false;
    await bench.tick();
    await bench.tick();
    expect(bench.said()).toEqual([
      'rate.exceeded bound 100',
      'rate.recovered bound 0',
      'rate.exceeded bound 150',
    ]);
  });
});
