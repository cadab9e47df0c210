import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { payloadsToEnd } from '#clickhouse';
import { endPayloads } from '#clickhouse/writes';
import { type Origin, partitionOf } from '#contracts';
import { eventually } from '#testing';
import { ADMIN_KEY, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };
let other: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  [mine, other] = [await harness.newProject(), await harness.newProject()];
  harness.sent.length = 0;
  harness.sendOutcome = { state: 'acknowledged', offsets: [] };
});

const get = (url: string, key = mine.key) => harness.call('GET', url, { key });

describe('quarantine', () => {
  const batch = (project: string, id: string) => ({
    project,
    key: 'k1',
    request_id: 'r1',
    received_at: '2026-11-01T10:00:00.000Z',
    events: [{ id, modell: 'm' }],
  });
  const quarantine = (project: string, id: string, origin?: Origin) =>
    harness.setAside({
      ...(origin && { origin }),
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

  it('lists an item once whose row was stored again, and a page is as long as ever', async () => {
    for (const id of ['a', 'b', 'c']) {
      const origin = await quarantine(mine.project, id);
      for (const _again of [1, 2]) await quarantine(mine.project, id, origin);
    }
    const first = await get('/v1/quarantine?limit=2');
    expect(first.body.data.map((item) => item['event_id'])).toEqual(['c', 'b']);
    const second = await get(`/v1/quarantine?limit=2&cursor=${String(first.body['next_cursor'])}`);
    expect(second.body.data.map((item) => item['event_id'])).toEqual(['a']);
    expect(second.body['next_cursor']).toBeNull();
  });

  it('puts an item on its way again, into the partition of its id, the same each time', async () => {
    await quarantine(mine.project, 'bad');
    const id = String((await get('/v1/quarantine')).body.data[0]?.['id']);
    for (let time = 0; time < 2; time += 1) {
      const { status, body } = await harness.call('POST', `/v1/quarantine/${id}/replay`, {
        key: mine.key,
      });
      expect([status, body]).toEqual([202, { id, status: 'replayed' }]);
    }
    const records = harness.sent.flatMap(({ topic, records }) =>
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
    await harness.setAside({
      decidedAs: 'quarantined',
      project: mine.project,
      reason: 'not_json',
      payload: 'eyJ2IjoxLA==',
      payloadEncoding: 'base64',
    });
    const id = String((await get('/v1/quarantine')).body.data[0]?.['id']);
    const { status, body } = await harness.call('POST', `/v1/quarantine/${id}/replay`, {
      key: mine.key,
    });
    expect([status, body.error.code, harness.sent]).toEqual([409, 'not_replayable', []]);
  });

  it('says 503 with Retry-After when Kafka does not acknowledge', async () => {
    await quarantine(mine.project, 'bad');
    harness.sendOutcome = { state: 'unknown', reason: 'away' };
    const id = String((await get('/v1/quarantine')).body.data[0]?.['id']);
    const { status, headers } = await harness.call('POST', `/v1/quarantine/${id}/replay`, {
      key: mine.key,
    });
    expect([status, Number(headers['retry-after'])]).toEqual([503, expect.any(Number)]);
  });

  it("hides another project's items, and takes more than reading to replay", async () => {
    await quarantine(other.project, 'theirs');
    const id = String((await get('/v1/quarantine', other.key)).body.data[0]?.['id']);
    expect((await get(`/v1/quarantine/${id}`)).status).toBe(404);
    expect(
      (await harness.call('POST', `/v1/quarantine/${id}/replay`, { key: mine.key })).status,
    ).toBe(404);
    const reader = await harness.newKey(other.project, ['read']);
    expect(
      (await harness.call('POST', `/v1/quarantine/${id}/replay`, { key: reader })).status,
    ).toBe(403);
    for (const wrong of ['x', '1.2.3', '99999.1.1.c', '1.1.99999999999.c', "1.1.1.c'"])
      expect((await get(`/v1/quarantine/${encodeURIComponent(wrong)}`)).status).toBe(404);
    expect(harness.sent).toEqual([]);
  });

  it('names the last partition that there may be, and none beyond', async () => {
    const body = JSON.stringify({
      project: mine.project,
      key: 'k',
      request_id: 'r',
      received_at: '2026-11-01T10:00:00.000Z',
      events: [{ id: 'last', usage: { input_tokens: -1 } }],
    });
    await harness.setAside({
      decidedAs: 'quarantined',
      project: mine.project,
      reason: 'invalid_event',
      payload: body,
      origin: {
        cluster: 'c',
        partition: 65_535,
        offset: '999999999999999',
        appended_at: '2026-11-01T10:00:00.000Z',
      },
    });
    const id = '65535.999999999999999.0.c';
    const replay = (of: string) =>
      harness.call('POST', `/v1/quarantine/${of}/replay`, { key: mine.key });
    expect((await replay(id)).status).toBe(202);
    expect((await replay('65536.999999999999999.0.c')).status).toBe(404);
    expect(harness.sent).toHaveLength(1);
  });

  it('shows what no project could be read from to the admin alone, and cuts large payloads from lists', async () => {
    await harness.setAside({
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

describe('a payload that was kept long enough', () => {
  const end = async ({ appended_at }: { appended_at: string }) => {
    const { clickhouse } = harness;
    const later = new Date(Date.parse(appended_at) + 1);
    await endPayloads(clickhouse, appended_at.slice(0, 10), later);
    await eventually(async () => {
      const { oldestDay, isEnding } = await payloadsToEnd(clickhouse, later);
      return oldestDay === null && !isEnding ? true : null;
    });
  };

  it('is gone, and what is known of the item stays; a replay says so', async () => {
    const item = { decidedAs: 'quarantined' as const, project: mine.project, id: 'e1' };
    await end(await harness.setAside({ ...item, reason: 'invalid_event', payload: '{}' }));
    const { body } = await get('/v1/quarantine');
    const ended = { event_id: 'e1', reason: 'invalid_event', payload: null };
    expect(body.data).toMatchObject([{ ...ended, payload_encoding: 'ended' }]);
    const id = String(body.data[0]?.['id']);
    const replay = await harness.call('POST', `/v1/quarantine/${id}/replay`, { key: mine.key });
    expect([replay.status, replay.body.error]).toMatchObject([
      409,
      {
        code: 'not_replayable',
        message:
          'this item cannot be replayed: its content is no longer kept: its sender has to send it again',
      },
    ]);
    expect(harness.sent).toEqual([]);
  });

  it('of a conflict leaves the conflict', async () => {
    const item = { decidedAs: 'conflict' as const, project: mine.project, id: 'e2' };
    await end(await harness.setAside({ ...item, payload: '{"id":"e2"}' }));
    expect((await get('/v1/conflicts')).body.data).toMatchObject([{ id: 'e2', event: null }]);
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
    await harness.setAside({
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
