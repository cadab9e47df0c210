import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identityOf, partitionOf } from '#contracts';
import { ADMIN_KEY, ConsoleWorkbench } from './console-workbench.js';

let bench: ConsoleWorkbench;
let mine: { project: string; key: string };
let other: { project: string; key: string };

beforeAll(async () => {
  bench = await ConsoleWorkbench.open();
});
afterAll(() => bench.close());
beforeEach(async () => {
  [mine, other] = [await bench.newProject(), await bench.newProject()];
  bench.sent.length = 0;
  bench.sendOutcome = { state: 'acknowledged', offsets: [] };
});

const get = (url: string, key = mine.key) => bench.call('GET', url, { key });

describe('GET /v1/events/{id}', () => {
  it('shows the event, its fate, its position, its cost and the working', async () => {
    const lines = [
      { unit: 'input_tokens', quantity: 1000, price: '2.5', per: 1_000_000, amount: '0.0025' },
      { unit: 'output_tokens', quantity: 500, price: '10', per: 1_000_000, amount: '0.005' },
    ];
    await bench.store([
      {
        id: 'e1',
        project: mine.project,
        event_time: '2026-11-01T10:00:00.250Z',
        received_at: '2026-11-01T10:00:01.000Z',
        user: 'u1',
        properties: { tier: 'gold', retries: 2, cached: false },
        tags: ['a', 'b'],
        batch: false,
        latency_ms: 12.5,
        cost: { state: 'priced', amount: '0.0075', lines, price_version: 'v1' },
      },
    ]);
    const { status, body } = await get('/v1/events/e1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      id: 'e1',
      source: 'api',
      type: 'llm.call',
      time: '2026-11-01T10:00:00.250Z',
      received_at: '2026-11-01T10:00:01.000Z',
      customer: 'acme',
      user: 'u1',
      provider: 'openai',
      model: 'gpt-4o',
      application: null,
      batch: false,
      latency_ms: 12.5,
      properties: { tier: 'gold', retries: 2, cached: false },
      tags: ['a', 'b'],
      usage: { input_tokens: 1000, output_tokens: 500 },
      fate: 'priced',
      reason: null,
      repeats: 0,
      conflicts: 0,
      cost: '0.0075',
      currency: 'USD',
      lines,
      price_version: 'v1',
      position: {
        cluster: 'test-cluster',
        topic: 'usage.recorded',
        partition: partitionOf({ project: mine.project, source: 'api', id: 'e1' }),
        offset: expect.any(Number),
        index: 0,
      },
    });
  });

  it('shows why an event is unpriced, with no cost instead of a zero', async () => {
    const cost = {
      state: 'unpriced' as const,
      reason: 'unknown_model' as const,
      detail: 'no price for m',
      partial: '0.5',
      lines: [],
      price_version: 'v1',
    };
    await bench.store([{ id: 'e1', project: mine.project, cost }]);
    expect((await get('/v1/events/e1')).body).toMatchObject({
      fate: 'unpriced',
      reason: 'unknown_model',
      detail: 'no price for m',
      cost: null,
      partial_cost: '0.5',
    });
    const usage = await get('/v1/usage?to=2100-01-01');
    expect(usage.body.data).toMatchObject([{ events: 1, cost: '0', unpriced_events: 1 }]);
  });

  it.each(['a/b', '100%', 'two words', '%2F', 'ü🙂', 'a?b#c&d=e', '🙂'.repeat(256), '+', '..a'])(
    'finds the id "%s"',
    async (id) => {
      await bench.store([{ id, project: mine.project }]);
      const { status, body } = await get(`/v1/events/${encodeURIComponent(id)}`);
      expect([status, body['id']]).toEqual([200, id]);
    },
  );

  it('tells sources apart', async () => {
    await bench.store([{ id: 'e1', project: mine.project, source: 'cron', customer: 'of-cron' }]);
    expect((await get('/v1/events/e1')).status).toBe(404);
    expect((await get('/v1/events/e1?source=cron')).body['customer']).toBe('of-cron');
  });

  it('counts repeats and conflicts, each position once', async () => {
    await bench.store([{ id: 'e1', project: mine.project }]);
    const identity = identityOf({ project: mine.project, source: 'api', id: 'e1' });
    const again = { project: mine.project, source: 'api', id: 'e1', identity };
    const origin = await bench.setAside({ ...again, decidedAs: 'repeat' });
    await bench.setAside({ ...again, decidedAs: 'repeat', origin });
    await bench.setAside({ ...again, decidedAs: 'repeat' });
    await bench.setAside({ ...again, decidedAs: 'conflict', payload: '{}' });
    expect((await get('/v1/events/e1')).body).toMatchObject({ repeats: 2, conflicts: 1 });
  });

  it('shows a quarantined event, until its replay counts', async () => {
    await bench.setAside({
      decidedAs: 'quarantined',
      project: mine.project,
      source: 'api',
      id: 'bad',
      reason: 'invalid_event',
      detail: 'modell is unknown',
    });
    expect((await get('/v1/events/bad')).body).toMatchObject({
      fate: 'quarantined',
      reason: 'invalid_event',
      detail: 'modell is unknown',
      cost: null,
    });
    await bench.store([{ id: 'bad', project: mine.project }]);
    expect((await get('/v1/events/bad')).body).toMatchObject({ fate: 'priced' });
  });

  it('says that an unknown id may be on its way, and shows nothing of another project', async () => {
    await bench.store([{ id: 'theirs', project: other.project }]);
    const { status, body } = await get('/v1/events/theirs');
    expect([status, body.error.code]).toEqual([404, 'not_found']);
    expect(body.error.message).toContain('may be on its way');
    const unknown = await get('/v1/events/nowhere');
    expect(unknown.body.error.message).toBe(body.error.message);
  });

  it('answers a path that cannot be decoded in our own shape', async () => {
    const { status, body } = await get('/v1/events/%zz');
    expect([status, body.error.code]).toEqual([400, expect.any(String)]);
  });
});

describe('quarantine', () => {
  const batch = (project: string, id: string) => ({
    project,
    key: 'k1',
    request_id: 'r1',
    received_at: '2026-11-01T10:00:00.000Z',
    events: [{ id, modell: 'm' }],
  });
  const quarantine = (project: string, id: string) =>
    bench.setAside({
      decidedAs: 'quarantined',
      project,
      source: 'api',
      id,
      reason: 'invalid_event',
      detail: 'modell is unknown',
      payload: JSON.stringify(batch(project, id)),
    });

  it('lists the newest first, page by page, of the own project only', async () => {
    for (const id of ['a', 'b', 'c']) await quarantine(mine.project, id);
    await quarantine(other.project, 'theirs');
    const first = await get('/v1/quarantine?limit=2');
    expect(first.body.data.map((item) => item['event_id'])).toEqual(['c', 'b']);
    const second = await get(`/v1/quarantine?limit=2&cursor=${String(first.body['next_cursor'])}`);
    expect(second.body.data.map((item) => item['event_id'])).toEqual(['a']);
    expect(second.body['next_cursor']).toBeNull();
    expect(second.body.data[0]).toMatchObject({
      reason: 'invalid_event',
      detail: 'modell is unknown',
      payload: JSON.stringify(batch(mine.project, 'a')),
    });
  });

  it('puts an item on its way again, into the partition of its id, the same each time', async () => {
    await quarantine(mine.project, 'bad');
    const id = String((await get('/v1/quarantine')).body.data[0]?.['id']);
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await bench.call('POST', `/v1/quarantine/${id}/replay`, {
        key: mine.key,
      });
      expect([status, body]).toEqual([202, { id, status: 'replayed' }]);
    }
    const records = bench.sent.flatMap(({ topic, records }) =>
      records.map((record) => ({ topic: topic.name, ...record })),
    );
    expect(records).toHaveLength(2);
    for (const { topic, partition, value } of records) {
      expect([topic, partition]).toEqual([
        'usage.recorded',
        partitionOf({ project: mine.project, source: 'api', id: 'bad' }),
      ]);
      expect(JSON.parse(value.toString())).toEqual({ v: 1, batches: [batch(mine.project, 'bad')] });
    }
  });

  it('refuses what cannot be read as one event', async () => {
    await bench.setAside({
      decidedAs: 'quarantined',
      project: mine.project,
      reason: 'not_json',
      payload: 'eyJ2IjoxLA==',
      payloadEncoding: 'base64',
    });
    const id = String((await get('/v1/quarantine')).body.data[0]?.['id']);
    const { status, body } = await bench.call('POST', `/v1/quarantine/${id}/replay`, {
      key: mine.key,
    });
    expect([status, body.error.code, bench.sent]).toEqual([409, 'not_replayable', []]);
  });

  it('says 503 with Retry-After when Kafka does not acknowledge', async () => {
    await quarantine(mine.project, 'bad');
    bench.sendOutcome = { state: 'unknown', reason: 'away' };
    const id = String((await get('/v1/quarantine')).body.data[0]?.['id']);
    const { status, headers } = await bench.call('POST', `/v1/quarantine/${id}/replay`, {
      key: mine.key,
    });
    expect([status, Number(headers['retry-after'])]).toEqual([503, expect.any(Number)]);
  });

  it("hides another project's items, and takes more than reading to replay", async () => {
    await quarantine(other.project, 'theirs');
    const id = String((await get('/v1/quarantine', other.key)).body.data[0]?.['id']);
    expect((await get(`/v1/quarantine/${id}`)).status).toBe(404);
    expect(
      (await bench.call('POST', `/v1/quarantine/${id}/replay`, { key: mine.key })).status,
    ).toBe(404);
    const reader = await bench.newKey(other.project, ['read']);
    expect((await bench.call('POST', `/v1/quarantine/${id}/replay`, { key: reader })).status).toBe(
      403,
    );
    for (const wrong of ['x', '1.2.3', '99999.1.1.c', '1.1.99999999999.c', "1.1.1.c'"])
      expect((await get(`/v1/quarantine/${encodeURIComponent(wrong)}`)).status).toBe(404);
    expect(bench.sent).toEqual([]);
  });

  it('shows what no project could be read from to the admin alone, and cuts large payloads from lists', async () => {
    await bench.setAside({
      decidedAs: 'quarantined',
      project: null,
      reason: 'not_json',
      payload: 'A'.repeat(70_000),
      payloadEncoding: 'base64',
    });
    const { body } = await get('/v1/quarantine', ADMIN_KEY);
    expect(body.data).toMatchObject([
      { reason: 'not_json', source: null, event_id: null, payload: null },
    ]);
    const whole = await get(`/v1/quarantine/${String(body.data[0]?.['id'])}`, ADMIN_KEY);
    expect(whole.body['payload']).toHaveLength(70_000);
    expect((await get('/v1/quarantine')).body.data).toEqual([]);
  });
});

describe('GET /v1/conflicts', () => {
  it('shows the event that does not count, to its project only', async () => {
    const payload = JSON.stringify({
      outcome: 'usage',
      identity: 'i',
      content: 'c',
      project: mine.project,
      id: 'e1',
      customer: 'zenith',
      usage: { input_tokens: 7 },
    });
    await bench.setAside({
      decidedAs: 'conflict',
      project: mine.project,
      source: 'api',
      id: 'e1',
      customer: 'zenith',
      eventTime: '2026-11-01T10:00:00.000Z',
      receivedAt: '2026-11-01T11:00:00.000Z',
      reason: 'other_content',
      payload,
    });
    const { body } = await get('/v1/conflicts');
    expect(body).toMatchObject({
      data: [
        {
          id: 'e1',
          source: 'api',
          customer: 'zenith',
          time: '2026-11-01T10:00:00.000Z',
          received_at: '2026-11-01T11:00:00.000Z',
          event: { id: 'e1', customer: 'zenith', usage: { input_tokens: 7 } },
        },
      ],
      next_cursor: null,
    });
    expect(JSON.stringify(body)).not.toContain('identity');
    expect((await get('/v1/conflicts', other.key)).body.data).toEqual([]);
  });
});
