import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { Cost } from '#contracts';
import {
  BUDGET,
  BudgetsHarness,
  dollars,
  NOVEMBER,
  NOW,
  setClock,
  spend,
} from './budgets-harness.js';
import { ConsoleHarness } from './console-harness.js';

const BUDGETS = '/v1/budgets';
let harness: BudgetsHarness;

beforeAll(async () => {
  harness = await BudgetsHarness.open();
});
afterAll(() => harness.close());
beforeEach(() => harness.begin());
afterEach(() => {
  jest.restoreAllMocks();
});

describe('a budget', () => {
  it('shows what is spent, what remains, its window and where its pace leads', async () => {
    const id = await harness.newBudget({ thresholds: ['30%', '90%'] });
    await harness.count(id, [spend(4_000)]);
    // 40 dollars in 10 of 30 days: 120 at the end, and the hundredth after 25 days.
    expect(await harness.standing(id)).toMatchObject({
      ...BUDGET,
      state: 'warning',
      spent: '40',
      remaining: '60',
      limit_in_force: '100',
      ...NOVEMBER,
      unpriced_events: 0,
      projected_value: '120',
      exhausted_at: '2026-11-26T00:00:00.000Z',
    });
  });

  it('is ok below its thresholds, breached from its limit on, and recovered where a higher one came', async () => {
    const id = await harness.newBudget({ thresholds: ['80%'] });
    const state = async () => (await harness.standing(id))['state'];
    await harness.count(id, [spend(7_999)]);
    expect(await state()).toBe('ok');
    await harness.count(id, [spend(1)]);
    expect(await state()).toBe('warning');
    await harness.count(id, [spend(2_500)]);
    await harness.breach(id, {});
    expect(await harness.standing(id)).toMatchObject({
      state: 'breached',
      spent: '105',
      remaining: '-5',
    });
    const raise = { limit: '150', until: new Date(NOW + 3_600_000).toISOString() };
    expect((await harness.call('PATCH', `/${id}`, { raise })).status).toBe(200);
    expect(await harness.standing(id)).toMatchObject({
      state: 'recovered',
      limit: '100',
      limit_in_force: '150',
      remaining: '45',
    });
    harness.at(NOW + 3_600_000);
    expect(await harness.standing(id)).toMatchObject({ state: 'breached', limit_in_force: '100' });
    // Another window: what was breached in the last one is over.
    harness.at(Date.UTC(2026, 11, 1));
    expect(await harness.standing(id)).toMatchObject({
      state: 'ok',
      spent: '0',
      window_start: NOVEMBER.window_end,
    });
  });

  it('says so too while it is suspended, and counts what is no money as whole numbers', async () => {
    const id = await harness.newBudget({
      on: 'tokens',
      limit: '99999999999999',
      thresholds: ['50%'],
      suspended: true,
    });
    await harness.count(id, [{ amount: 9_007_199_254_740_993n, atMs: NOW }]);
    expect(await harness.standing(id)).toMatchObject({
      state: 'breached',
      spent: '9007199254740993',
      remaining: '-8907199254740994',
      unpriced_events: null,
    });
  });

  it('that rolls sums the last sixty buckets', async () => {
    const window = { kind: 'rolling', seconds: 3_600 };
    const id = await harness.newBudget({ window });
    const minutesAgo = (minutes: number, cents: number) => ({
      amount: dollars(cents),
      atMs: NOW - minutes * 60_000,
    });
    await harness.count(id, [
      minutesAgo(60, 500),
      minutesAgo(59, 30),
      minutesAgo(1, 2),
      minutesAgo(0, 1),
    ]);
    expect(await harness.standing(id)).toMatchObject({
      state: 'ok',
      spent: '0.33',
      window_start: '2026-11-10T23:01:00.000Z',
      window_end: '2026-11-11T00:01:00.000Z',
      projected_value: null,
    });
  });

  it('of a lifetime has no window', async () => {
    const id = await harness.newBudget({ window: { kind: 'lifetime' } });
    await harness.count(id, [spend(10_000)]);
    expect(await harness.standing(id)).toMatchObject({
      state: 'breached',
      remaining: '0',
      window_start: null,
      window_end: null,
      projected_value: null,
      exhausted_at: null,
    });
  });

  it('counts the events whose cost is unknown', async () => {
    const id = await harness.newBudget({ scope: { customer: 'acme' } });
    const unpriced = {
      state: 'unpriced',
      reason: 'unknown_model',
      detail: '',
      partial: '0',
      lines: [],
      price_version: 'test',
    } satisfies Cost;
    const events = [
      { customer: 'acme', event_time: '2026-11-01T00:00:00.000Z' },
      { customer: 'acme', event_time: '2026-11-10T12:30:00.000Z' },
      { customer: 'acme', event_time: '2026-10-31T23:59:59.999Z' },
      { customer: 'blue', event_time: '2026-11-10T12:30:00.000Z' },
    ];
    await harness.console.store(
      events.map((event, n) => ({
        ...event,
        id: `u${n}`,
        project: harness.project,
        cost: unpriced,
      })),
    );
    expect((await harness.standing(id))['unpriced_events']).toBe(2);
  });

  it('with counters of its own for each value says nothing as a whole', async () => {
    const id = await harness.newBudget({ per: ['customer'] });
    await harness.count(id, [spend(1, { customer: 'acme' })]);
    const nothing = ['state', 'spent', 'remaining', 'window_start', 'window_end', 'as_of'];
    const body = await harness.standing(id);
    expect(nothing.map((field) => body[field])).toEqual(nothing.map(() => null));
  });
});

describe('where Redis does not hold all of it', () => {
  const stored = [
    { id: 'e1', customer: 'acme', event_time: '2026-11-02T00:00:00.000Z' },
    { id: 'e2', customer: 'acme', event_time: '2026-11-03T00:00:00.000Z' },
    { id: 'e3', customer: 'blue', event_time: '2026-11-03T00:00:00.000Z' },
    { id: 'e4', customer: 'acme', event_time: '2026-10-31T23:59:59.999Z' },
  ];
  const store = () =>
    harness.console.store(stored.map((event) => ({ ...event, project: harness.project })));

  it('the sums come from what is stored, not from the part that Redis has', async () => {
    const [id, each] = [await harness.newBudget(), await harness.newBudget({ per: ['customer'] })];
    await harness.count(id, [spend(1)], 11);
    await store();
    // Three of the four events are November's, at $0.0075.
    expect(await harness.standing(id)).toMatchObject({ state: 'ok', spent: '0.0225' });
    const { body } = await harness.call('GET', `/${each}/counters`);
    expect(body.data.map(({ key, spent }) => [key, spent])).toEqual([
      [{ customer: 'acme' }, '0.015'],
      [{ customer: 'blue' }, '0.0075'],
    ]);
  });

  it('they do so too while Redis is away; without both there is no data, and no zero', async () => {
    const nowhere = { redisUrl: 'redis://127.0.0.1:9' };
    const [withoutRedis, withoutBoth] = [
      await ConsoleHarness.open(nowhere),
      await ConsoleHarness.open({ ...nowhere, clickhouseUrl: 'http://127.0.0.1:9' }),
    ];
    try {
      for (const bare of [withoutRedis, withoutBoth]) {
        setClock(bare, NOW);
        const { project, key } = await bare.newProject();
        await bare.store(stored.map((event) => ({ ...event, project })));
        const made = await bare.call('POST', BUDGETS, { key, body: BUDGET });
        const path = `${BUDGETS}/${String(made.body['id'])}`;
        const shown = await bare.call('GET', path, { key });
        const listed = await bare.call('GET', `${path}/counters`, { key });
        const isBlind = bare === withoutBoth;
        expect([shown.status, shown.body]).toEqual([
          200,
          expect.objectContaining({
            state: isBlind ? 'no_data' : 'ok',
            spent: isBlind ? null : '0.0225',
            remaining: isBlind ? null : '99.9775',
            projected_value: isBlind ? null : '0.0675',
            ...NOVEMBER,
          }),
        ]);
        expect(listed.status).toBe(isBlind ? 503 : 200);
      }
    } finally {
      await withoutRedis.close();
      await withoutBoth.close();
    }
  });
});
