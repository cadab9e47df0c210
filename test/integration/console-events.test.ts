import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identityOf, partitionOf } from '#contracts';
import { ConsoleHarness } from './console-harness.js';

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

const get = (url: string, key = mine.key) => harness.call('GET', url, { key });

describe('GET /v1/events/{id}', () => {
  it('shows the event, its fate, its position, its cost and the working', async () => {
    const lines = [
      { unit: 'input_tokens', quantity: 1000, price: '2.5', per: 1_000_000, amount: '0.0025' },
      { unit: 'output_tokens', quantity: 500, price: '10', per: 1_000_000, amount: '0.005' },
    ];
    await harness.store([
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
    await harness.store([{ id: 'e1', project: mine.project, cost }]);
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
      await harness.store([{ id, project: mine.project }]);
      const { status, body } = await get(`/v1/events/${encodeURIComponent(id)}`);
      expect([status, body['id']]).toEqual([200, id]);
    },
  );

  it('tells sources apart', async () => {
    await harness.store([{ id: 'e1', project: mine.project, source: 'cron', customer: 'of-cron' }]);
    expect((await get('/v1/events/e1')).status).toBe(404);
    expect((await get('/v1/events/e1?source=cron')).body['customer']).toBe('of-cron');
  });

  it('counts repeats and conflicts, each position once', async () => {
    await harness.store([{ id: 'e1', project: mine.project }]);
    const identity = identityOf({ project: mine.project, source: 'api', id: 'e1' });
    const again = { project: mine.project, source: 'api', id: 'e1', identity };
    const origin = await harness.setAside({ ...again, decidedAs: 'repeat' });
    await harness.setAside({ ...again, decidedAs: 'repeat', origin });
    await harness.setAside({ ...again, decidedAs: 'repeat' });
    await harness.setAside({ ...again, decidedAs: 'conflict', payload: '{}' });
    expect((await get('/v1/events/e1')).body).toMatchObject({ repeats: 2, conflicts: 1 });
  });

  it('shows a quarantined event, until its replay counts', async () => {
    await harness.setAside({
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
    await harness.store([{ id: 'bad', project: mine.project }]);
    expect((await get('/v1/events/bad')).body).toMatchObject({ fate: 'priced' });
  });

  it('says that an unknown id may be on its way, and shows nothing of another project', async () => {
    await harness.store([{ id: 'theirs', project: other.project }]);
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
