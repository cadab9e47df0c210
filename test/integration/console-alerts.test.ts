import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { alertIdOf, type AlertRaised, canonicalJson, type CounterKey } from '#contracts';
import { AlertOutbox } from '#postgres/writes';
import { ConsoleHarness } from './console-harness.js';

const NOVEMBER = { start: '2026-11-01T00:00:00.000Z', end: '2026-12-01T00:00:00.000Z' };
const EVENT_TIME = '2026-11-14T09:26:53.120Z';
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();

let harness: ConsoleHarness;
let mine: { project: string; key: string };
let other: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  [mine, other] = [await harness.newProject(), await harness.newProject()];
});

const call = (method: 'GET' | 'POST' | 'DELETE', url: string, body?: unknown, key = mine.key) =>
  harness.call(method, url, { key, body });

const record = (alert: Omit<AlertRaised, 'v'>) =>
  new AlertOutbox(harness.postgres).record([alert], { now: new Date(), leaseMs: 0 });

/** An alert of a budget's counter, as the aggregator raises and the notifier records it. */
async function crossed(
  type: string,
  {
    watch = 'bud_1',
    counter = { customer: 'acme' },
    threshold = '80%',
    raisedAt = '2026-11-14T09:26:54.000Z',
  }: { watch?: string; counter?: CounterKey; threshold?: string; raisedAt?: string } = {},
): Promise<string> {
  const counterKey = canonicalJson(counter);
  const { start: windowStart, end: windowEnd } = NOVEMBER;
  const identity = { type, project: mine.project, watch, counterKey, windowStart, threshold };
  const id = alertIdOf({ ...identity, arming: 3 });
  await record({
    id,
    project: mine.project,
    type,
    raised_at: raisedAt,
    raised_by: {
      watch,
      counter: counterKey,
      window_start: windowStart,
      window_end: windowEnd,
      threshold,
      arming: 3,
    },
    data: { budget: watch, counter, value: '80.00675', threshold, event_time: EVENT_TIME },
  });
  return id;
}

const idsOf = async (query: string) =>
  (await call('GET', `/v1/alerts${query}`)).body.data.map(({ id }) => id);

describe('an alert', () => {
  it('shows its budget, counter, window, threshold, value and times', async () => {
    const id = await crossed('budget.threshold_reached');
    const shown = {
      id,
      type: 'budget.threshold_reached',
      budget: 'bud_1',
      rate: null,
      counter: { customer: 'acme' },
      window_start: NOVEMBER.start,
      window_end: NOVEMBER.end,
      threshold: '80%',
      value: '80.00675',
      event_time: EVENT_TIME,
      raised_at: '2026-11-14T09:26:54.000Z',
      muted: false,
      acknowledged_at: null,
      data: expect.objectContaining({ budget: 'bud_1', value: '80.00675' }),
    };
    expect((await call('GET', `/v1/alerts/${id}`)).body).toEqual(shown);
    expect((await call('GET', '/v1/alerts')).body).toEqual({ data: [shown], next_cursor: null });
  });

  it('that no watch raised shows what its data says', async () => {
    const data = {
      dimension: 'customer',
      subject: 'acme',
      value: '412.8',
      window_start: '2026-11-13T00:00:00.000Z',
      window_end: '2026-11-14T00:00:00.000Z',
    };
    const type = 'anomaly.detected';
    const alert = { id: 'a'.repeat(32), project: mine.project, type, raised_at: EVENT_TIME };
    await record({ ...alert, raised_by: null, data });
    expect((await call('GET', `/v1/alerts/${alert.id}`)).body).toMatchObject({
      budget: null,
      rate: null,
      counter: null,
      threshold: null,
      event_time: null,
      value: '412.8',
      window_start: data.window_start,
      window_end: data.window_end,
    });
    expect(await idsOf('?customer=acme')).toEqual([alert.id]);
  });

  it('is found by type, family, budget, rate, customer and time', async () => {
    const warned = await crossed('budget.threshold_reached', { raisedAt: '2026-11-10T00:00:00Z' });
    const breached = await crossed('budget.breached', {
      counter: { customer: 'blue' },
      raisedAt: '2026-11-11T00:00:00Z',
    });
    const exceeded = await crossed('rate.exceeded', {
      watch: 'rat_1',
      counter: {},
      raisedAt: '2026-11-12T00:00:00Z',
    });
    const found = {
      '': [exceeded, breached, warned],
      '?type=budget.breached': [breached],
      '?type=budget.*': [breached, warned],
      '?budget=bud_1': [breached, warned],
      '?budget=rat_1': [],
      '?rate=rat_1': [exceeded],
      '?rate=rat_1&type=budget.*': [],
      '?customer=blue': [breached],
      '?customer=blu': [],
      '?from=2026-11-11T00:00:00Z': [exceeded, breached],
      '?to=2026-11-11': [warned],
      '?from=2026-11-11&to=2026-11-12&budget=bud_1': [breached],
    };
    for (const [query, ids] of Object.entries(found))
      expect([query, await idsOf(query)]).toEqual([query, ids]);
  });

  it.each([
    ['?type=budgets', 'type'],
    ['?from=yesterday', 'from'],
    ['?customer=%00', 'customer'],
    ['?watch=bud_1', 'watch'],
  ])('is not asked for with %s', async (query, field) => {
    const { status, body } = await call('GET', `/v1/alerts${query}`);
    expect([status, body.error.details[0]?.field]).toEqual([400, field]);
  });

  it('is listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (const threshold of ['50%', '80%', '90%'])
      ids.push(await crossed('budget.threshold_reached', { threshold }));
    const first = await call('GET', '/v1/alerts?limit=2');
    const cursor = String(first.body['next_cursor']);
    const rest = await call('GET', `/v1/alerts?limit=2&cursor=${cursor}`);
    const listed = [...first.body.data, ...rest.body.data].map(({ id }) => id);
    expect([listed, rest.body['next_cursor']]).toEqual([ids.toReversed(), null]);
  });

  it('is acknowledged once: the first time stands', async () => {
    const id = await crossed('budget.breached', { threshold: '100%' });
    const first = await call('POST', `/v1/alerts/${id}/acknowledge`);
    expect([first.status, first.body['acknowledged_at']]).toEqual([
      200,
      expect.stringMatching(/Z$/),
    ]);
    const again = await call('POST', `/v1/alerts/${id}/acknowledge`);
    expect(again.body['acknowledged_at']).toBe(first.body['acknowledged_at']);
  });

  it('is none when it was sent to try an endpoint', async () => {
    const endpoint = { url: 'https://hooks.example.com', events: ['*'] };
    const { body } = await call('POST', '/v1/webhook-endpoints', endpoint);
    await call('POST', `/v1/webhook-endpoints/${String(body['id'])}/test`, {});
    expect(await idsOf('')).toEqual([]);
  });

  it('belongs to its project', async () => {
    const id = await crossed('budget.breached');
    const until = { until: IN_AN_HOUR };
    const answers = [
      await call('GET', `/v1/alerts/${id}`, undefined, other.key),
      await call('POST', `/v1/alerts/${id}/acknowledge`, undefined, other.key),
      await call('POST', `/v1/alerts/${id}/mute`, until, other.key),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await call('GET', '/v1/alerts', undefined, other.key)).body.data).toEqual([]);
    const reader = await harness.newKey(mine.project, ['read']);
    expect((await call('GET', `/v1/alerts/${id}`, undefined, reader)).status).toBe(200);
    expect((await call('POST', `/v1/alerts/${id}/acknowledge`, undefined, reader)).status).toBe(
      403,
    );
  });
});

describe('a mute', () => {
  it("of an alert holds back its counter's alerts, and no other's", async () => {
    const first = await crossed('budget.threshold_reached');
    const made = await call('POST', `/v1/alerts/${first}/mute`, { until: IN_AN_HOUR });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^mut_/),
        watch: 'bud_1',
        counter: { customer: 'acme' },
        until: IN_AN_HOUR,
        created_at: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await call('GET', '/v1/mutes')).body.data).toEqual([made.body]);
    const muted = await crossed('budget.breached', { threshold: '100%' });
    const loud = await crossed('budget.breached', { counter: { customer: 'blue' } });
    const isMuted = async (id: string) => (await call('GET', `/v1/alerts/${id}`)).body['muted'];
    expect([await isMuted(first), await isMuted(muted), await isMuted(loud)]).toEqual([
      false,
      true,
      false,
    ]);
    const id = String(made.body['id']);
    expect((await call('DELETE', `/v1/mutes/${id}`, undefined, other.key)).status).toBe(404);
    expect((await call('DELETE', `/v1/mutes/${id}`)).body).toEqual(made.body);
    expect((await call('DELETE', `/v1/mutes/${id}`)).status).toBe(404);
    expect(await isMuted(await crossed('budget.recovered', { threshold: '100%' }))).toBe(false);
  });

  it('that is made again lasts until the new time', async () => {
    const alert = await crossed('budget.breached');
    const made = await call('POST', `/v1/alerts/${alert}/mute`, { until: '2050-01-01' });
    const again = await call('POST', `/v1/alerts/${alert}/mute`, { until: IN_AN_HOUR });
    expect(again.body).toEqual({ ...made.body, until: IN_AN_HOUR });
    expect((await call('GET', '/v1/mutes')).body.data).toHaveLength(1);
  });

  it('of a whole budget holds back all of its counters', async () => {
    const budget = { name: 'b', on: 'cost', limit: '1', window: { kind: 'lifetime' } };
    const { body } = await call('POST', '/v1/budgets', budget);
    const watch = String(body['id']);
    const stranger = { watch, until: IN_AN_HOUR };
    expect((await call('POST', '/v1/mutes', stranger, other.key)).status).toBe(404);
    const made = await call('POST', '/v1/mutes', { watch, until: IN_AN_HOUR });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({ watch, counter: null }),
    ]);
    const id = await crossed('budget.breached', { watch });
    expect((await call('GET', `/v1/alerts/${id}`)).body['muted']).toBe(true);
  });

  it('ends by itself, and is listed no more', async () => {
    const alert = await crossed('budget.breached');
    const made = await call('POST', `/v1/alerts/${alert}/mute`, { until: IN_AN_HOUR });
    await harness.postgres
      .updateTable('alert_mutes')
      .set({ until: new Date(Date.now() - 1) })
      .where('id', '=', String(made.body['id']))
      .execute();
    expect((await call('GET', '/v1/mutes')).body.data).toEqual([]);
    const id = await crossed('budget.recovered', { threshold: '100%' });
    expect((await call('GET', `/v1/alerts/${id}`)).body['muted']).toBe(false);
  });

  it('is refused without a time ahead, and where no watch raised the alert', async () => {
    const id = await crossed('budget.breached');
    for (const body of [{}, { until: 'soon' }, { until: '2026-01-01' }]) {
      const { status, body: answer } = await call('POST', `/v1/alerts/${id}/mute`, body);
      expect([status, answer.error.details[0]?.field]).toEqual([400, 'until']);
    }
    const alert = { id: 'b'.repeat(32), project: mine.project, type: 'model.unpriced' };
    await record({ ...alert, raised_at: EVENT_TIME, raised_by: null, data: {} });
    const refused = await call('POST', `/v1/alerts/${alert.id}/mute`, { until: IN_AN_HOUR });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'not_mutable']);
  });
});
