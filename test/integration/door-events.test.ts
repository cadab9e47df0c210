import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { partitionOf } from '#contracts';
import { DoorHarness } from './door-harness.js';

let door: DoorHarness;
let key: string;
let keyId: string;

beforeAll(async () => {
  door = await DoorHarness.open();
  ({ key, id: keyId } = await door.mintKey());
});

afterAll(() => door.close());

describe('POST /v1/events', () => {
  it.each([
    ['one object', (id: string) => JSON.stringify({ id }), {}],
    ['a list', (id: string) => JSON.stringify([{ id }]), {}],
    ['events', (id: string) => JSON.stringify({ events: [{ id }] }), {}],
    [
      'lines',
      (id: string) => `${JSON.stringify({ id })}\n`,
      { 'content-type': 'application/x-ndjson' },
    ],
    [
      'a gzipped object',
      (id: string) => gzipSync(JSON.stringify({ id })),
      { 'content-encoding': 'gzip' },
    ],
    [
      'gzipped lines',
      (id: string) => gzipSync(JSON.stringify({ id })),
      { 'content-encoding': 'gzip', 'content-type': 'application/x-ndjson' },
    ],
    [
      'UTF-8 beyond ASCII',
      (id: string) => JSON.stringify({ id, customer: 'Zoë 😀' }),
      { 'content-type': 'application/json; charset=utf-8' },
    ],
  ])('takes %s', async (name, bodyOf, headers) => {
    const { status, body } = await door.post(key, bodyOf(name), headers);
    expect(status).toBe(202);
    expect(body).toEqual({
      accepted: 1,
      duplicate: 0,
      refused: 0,
      results: [{ index: 0, id: name, status: 'accepted' }],
    });
    await door.recorded([name]);
  });

  it('records what was sent, with receipt, key and request, in the partition of its identity', async () => {
    const before = Date.now();
    const sent = {
      id: 'whole',
      time: '2026-11-20T12:00:00',
      customer: 'acme',
      user: null,
      usage: { input_tokens: 5, output_tokens: null },
      tags: ['a'],
      properties: { plan: 'pro', seats: 3, trial: false },
    };
    sent.time = new Date(before - 3_600_000).toISOString().slice(0, 19);
    const { status } = await door.post(key, sent);
    expect(status).toBe(202);
    await door.recorded(['whole']);
    const batch = door.batches.find(({ events }) => events.some(({ id }) => id === 'whole'));
    expect(batch).toMatchObject({ project: door.project, key: keyId });
    expect(batch?.request_id).toMatch(/^req_/);
    expect(batch?.application).toBeUndefined();
    const receivedAt = Date.parse(batch?.received_at ?? '');
    expect(receivedAt).toBeGreaterThanOrEqual(before);
    expect(receivedAt).toBeLessThanOrEqual(Date.now());
    expect(batch?.events).toEqual([
      {
        id: 'whole',
        time: `${sent.time}.000Z`,
        customer: 'acme',
        usage: { input_tokens: 5 },
        tags: ['a'],
        properties: { plan: 'pro', seats: 3, trial: false },
      },
    ]);
  });

  it('finds a repeat and a conflict inside the request', async () => {
    const event = { id: 'twice', model: 'gpt-4o', usage: { input_tokens: 1 } };
    const { status, body } = await door.post(key, [
      event,
      { usage: { input_tokens: 1 }, model: 'gpt-4o', id: 'twice', source: 'api' },
      { ...event, usage: { input_tokens: 2 } },
      { ...event, source: 'other' },
    ]);
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, duplicate: 1, refused: 1 });
    expect(body.results.map(({ status }) => status)).toEqual([
      'accepted',
      'duplicate',
      'refused',
      'accepted',
    ]);
    expect(body.results[2]?.error).toMatchObject({ code: 'conflict', field: 'id' });
    const events = await door.recorded(['twice']);
    expect(
      events
        .filter(({ id }) => id === 'twice')
        .map(({ source }) => source ?? 'api')
        .sort(),
    ).toEqual(['api', 'other']);
  });

  it('makes fresh ids, or ids that only a retry by the same sender with the same Idempotency-Key makes again', async () => {
    const fresh = [await door.post(key, [{}, {}]), await door.post(key, [{}, {}])];
    expect(new Set(fresh.flatMap(({ body }) => body.results.map(({ id }) => id))).size).toBe(4);
    const other = await door.mintKey();
    const idsOf = async (sender: string, idempotency: string) => {
      const events = [{ model: 'm' }, { id: 'own' }, {}];
      const { body } = await door.post(sender, events, { 'idempotency-key': idempotency });
      return body.results.map(({ id }) => id);
    };
    const first = await idsOf(key, 'k1');
    expect(await idsOf(key, 'k1')).toEqual(first);
    const [more, others] = [await idsOf(key, 'k2'), await idsOf(other.key, 'k1')];
    for (const ids of [first, more, others]) expect(ids[1]).toBe('own');
    // Made are the first and the third of each request: no two of them are the same event.
    const made = [first, more, others].flatMap((ids) => [ids[0], ids[2]]);
    expect(new Set(made).size).toBe(6);
  });

  it('takes 1,000 events at once and loses none, each in the partition that decides about it', async () => {
    const ids = Array.from({ length: 1_000 }, (_, n) => `thousand-${n}`);
    const { status, body } = await door.post(
      key,
      ids.map((id) => ({ id })),
    );
    expect([status, body.accepted]).toEqual([202, 1_000]);
    await door.recorded(ids);
    for (const { events } of door.batches) {
      const partitions = events.map(({ id, source = 'api' }) =>
        partitionOf({ project: door.project, source, id }),
      );
      expect(new Set(partitions).size).toBe(1);
    }
  });

  it('serves its own OpenAPI document from the same schemas', async () => {
    const response = await fetch(`${door.url}/docs-json`);
    const document = (await response.json()) as {
      paths: object;
      components: { schemas: Record<string, { properties: object }> };
    };
    expect(Object.keys(document.paths)).toContain('/v1/events');
    expect(Object.keys(document.components.schemas.UsageEventDto?.properties ?? {})).toHaveLength(
      22,
    );
  });
});

describe('a key', () => {
  it('without "ingest" is answered 403, and none or a wrong one 401', async () => {
    const reading = await door.mintKey(['read', 'manage']);
    expect((await door.post(reading.key, {})).body.error.code).toBe('missing_scope');
    const answers = await Promise.all([
      door.post('', {}),
      door.post('rk_wrong', {}),
      door.post(`${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`, {}),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it('works from the moment it is made, and stops within 2 s of being revoked', async () => {
    const { ApiKeyWrites } = await import('#postgres/writes');
    const mine = await door.mintKey();
    expect((await door.post(mine.key, {})).status).toBe(202);
    await new ApiKeyWrites(door.postgres).revoke(door.project, mine.id);
    const revokedAt = Date.now();
    while ((await door.post(mine.key, {})).status !== 401)
      expect(Date.now() - revokedAt).toBeLessThan(2_000);
  });
});
