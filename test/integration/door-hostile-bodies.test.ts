import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DoorHarness } from './door-harness.js';

let door: DoorHarness;
let key: string;

beforeAll(async () => {
  door = await DoorHarness.open({ REQUEST_TIMEOUT_MS: '1000' });
  ({ key } = await door.mintKey());
});

afterAll(() => door.close());

const good = (id: string) => ({ id, model: 'gpt-4o', usage: { input_tokens: 1 } });
const deep = (levels: number) => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

describe('a bad item between two good ones', () => {
  it.each([
    ['a string', '"text"', 'invalid_event', null],
    ['a list', '[]', 'invalid_event', null],
    ['null', 'null', 'invalid_event', null],
    ['an unknown field', '{"id":"x","modell":"m"}', 'invalid_event', 'modell'],
    ['an unknown count', '{"usage":{"tokens":1}}', 'invalid_event', 'usage.tokens'],
    ['a negative count', '{"usage":{"input_tokens":-1}}', 'invalid_event', 'usage.input_tokens'],
    ['a count as text', '{"usage":{"input_tokens":"1"}}', 'invalid_event', 'usage.input_tokens'],
    ['half a token', '{"usage":{"output_tokens":0.5}}', 'invalid_event', 'usage.output_tokens'],
    [
      '2^53+1',
      '{"usage":{"input_tokens":9007199254740993}}',
      'invalid_event',
      'usage.input_tokens',
    ],
    ['1e999', '{"usage":{"input_tokens":1e999}}', 'invalid_event', 'usage.input_tokens'],
    ['usage as a list', '{"usage":[]}', 'invalid_event', 'usage'],
    ['__proto__', '{"__proto__":{"id":"x"}}', 'invalid_event', '__proto__'],
    ['__proto__ in usage', '{"usage":{"__proto__":1}}', 'invalid_event', 'usage.__proto__'],
    [
      '__proto__ in properties',
      '{"properties":{"__proto__":1}}',
      'invalid_event',
      'properties.__proto__',
    ],
    [
      'constructor',
      '{"properties":{"constructor":"x"}}',
      'invalid_event',
      'properties.constructor',
    ],
    ['a nested property', '{"properties":{"a":{}}}', 'invalid_event', 'properties'],
    [
      '51 properties',
      JSON.stringify({
        properties: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])),
      }),
      'invalid_event',
      'properties',
    ],
    ['51 tags', JSON.stringify({ tags: Array(51).fill('t') }), 'invalid_event', 'tags'],
    [
      'a property of 1,001 characters',
      JSON.stringify({ properties: { a: 'x'.repeat(1_001) } }),
      'invalid_event',
      'properties',
    ],
    [
      'a customer of 257 characters',
      JSON.stringify({ customer: 'x'.repeat(257) }),
      'invalid_event',
      'customer',
    ],
    ['an empty id', '{"id":""}', 'invalid_event', 'id'],
    ['a control character in the id', '{"id":"a\\u0000b"}', 'invalid_event', 'id'],
    ['half a surrogate pair', '{"customer":"\\ud83d"}', 'invalid_event', 'customer'],
    ['30 February', '{"time":"2026-02-30T00:00:00Z"}', 'invalid_event', 'time'],
    ['an old time', '{"time":"2020-01-01T00:00:00Z"}', 'too_old', 'time'],
    ['a future time', '{"time":"2999-01-01T00:00:00Z"}', 'too_new', 'time'],
    ['nine levels', deep(9), 'too_deep', null],
    ['100,000 levels', deep(100_000), 'too_deep', null],
  ])('%s is refused alone, by name', async (name, item, code, field) => {
    const [before, after] = [`${name} before`, `${name} after`];
    const body = `[${JSON.stringify(good(before))},${item},${JSON.stringify(good(after))}]`;
    const mixed = await door.post(key, body);
    expect(mixed.status).toBe(202);
    expect(mixed.body).toMatchObject({ accepted: 2, duplicate: 0, refused: 1 });
    expect(mixed.body.results.map(({ index, status }) => [index, status])).toEqual([
      [0, 'accepted'],
      [1, 'refused'],
      [2, 'accepted'],
    ]);
    expect(mixed.body.results[1]?.error).toMatchObject({ code, field });
    const alone = await door.post(key, `[${item}]`);
    expect(alone.status).toBe(400);
    expect(alone.body.error.code).toBe(code);
    expect(alone.body.error.details[0]?.field).toBe(
      field === null ? 'events[0]' : `events[0].${field}`,
    );
    expect(alone.body.results).toHaveLength(1);
    const events = await door.recorded([before, after]);
    for (const id of [before, after]) {
      expect(events.filter((event) => event.id === id)).toEqual([good(id)]);
    }
  });

  it('costs only its own line in NDJSON', async () => {
    const lines = [
      JSON.stringify(good('line 1')),
      '{"id":"cut',
      '',
      JSON.stringify(good('line 2')),
    ];
    const { status, body } = await door.post(key, lines.join('\n'), {
      'content-type': 'application/x-ndjson',
    });
    expect(status).toBe(202);
    expect(body).toMatchObject({ accepted: 2, refused: 1 });
    expect(body.results[1]).toMatchObject({
      index: 1,
      id: null,
      error: { code: 'malformed_json', field: null },
    });
    await door.recorded(['line 1', 'line 2']);
  });
});

describe('a body that cannot be read', () => {
  const many = JSON.stringify(Array.from({ length: 1_001 }, (_, n) => ({ id: `many-${n}` })));
  it.each<[string, string | Buffer, Record<string, string>, number, string]>([
    ['nothing', '', {}, 400, 'empty_body'],
    ['spaces', '  ', {}, 400, 'empty_body'],
    ['a cut object', '{"id":"a","usa', {}, 400, 'malformed_json'],
    ['a comment', '{"id":"a" // mine\n}', {}, 400, 'malformed_json'],
    ['NaN', '{"usage":{"input_tokens":NaN}}', {}, 400, 'malformed_json'],
    ['a number', '5', {}, 400, 'invalid_body'],
    ['an empty list', '[]', {}, 400, 'no_events'],
    ['an empty "events"', '{"events":[]}', {}, 400, 'no_events'],
    ['"events" that are no list', '{"events":5}', {}, 400, 'invalid_body'],
    ['100,000 brackets', '['.repeat(100_000), {}, 400, 'malformed_json'],
    [
      'bad UTF-8',
      Buffer.from([0x7b, 0x22, 0x69, 0x64, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
      {},
      400,
      'invalid_utf8',
    ],
    ['1,001 events', many, {}, 413, 'too_many_events'],
    ['more than 1 MiB', ' '.repeat(1024 * 1024 + 1), {}, 413, 'body_too_large'],
    [
      'a zip bomb',
      gzipSync(Buffer.alloc(200 * 1024 * 1024, ' ')),
      { 'content-encoding': 'gzip' },
      413,
      'body_too_large',
    ],
    ['no gzip', '{}', { 'content-encoding': 'gzip' }, 400, 'malformed_gzip'],
    [
      'half a gzip',
      gzipSync(many).subarray(0, 300),
      { 'content-encoding': 'gzip' },
      400,
      'malformed_gzip',
    ],
    ['another encoding', '{}', { 'content-encoding': 'br' }, 415, 'unsupported_encoding'],
    [
      'another type',
      'a=b',
      { 'content-type': 'application/x-www-form-urlencoded' },
      415,
      'unsupported_media_type',
    ],
    [
      'another charset',
      '{}',
      { 'content-type': 'application/json; charset=latin1' },
      415,
      'unsupported_media_type',
    ],
    [
      'a bad Idempotency-Key',
      '{}',
      { 'idempotency-key': 'x'.repeat(257) },
      400,
      'invalid_idempotency_key',
    ],
  ])('%s is refused as a whole', async (_, body, headers, status, code) => {
    const answer = await door.post(key, body, headers);
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.body.error.request_id).toMatch(/^req_/);
  });

  it('that comes too slowly is answered 408, soon after its second is over', async () => {
    const startedAt = Date.now();
    const { hostname, port } = new URL(door.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"id":`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request_timeout"');
    expect(Date.now() - startedAt).toBeLessThan(5_000);
  });

  it('that is no HTTP is answered 400', async () => {
    const { hostname, port } = new URL(door.url);
    const socket = connect(Number(port), hostname);
    socket.write('hello\r\n\r\n');
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed_request"');
  });
});
