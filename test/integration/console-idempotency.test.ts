import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { IdempotentAnswers } from '#postgres/writes';
import { ADMIN_KEY, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  mine = await harness.newProject();
});
afterAll(() => harness.close());

const post = (url: string, body: unknown, idempotencyKey: string, key = mine.key) =>
  harness.call('POST', url, { key, body, headers: { 'idempotency-key': idempotencyKey } });

describe('a creating call with an Idempotency-Key', () => {
  it('is answered the same again, the secret included, and creates once', async () => {
    const body = { name: 'once', scopes: ['read'] };
    const first = await post('/v1/keys', body, 'k-1');
    const again = await post('/v1/keys', { scopes: ['read'], name: 'once' }, 'k-1');
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect([first.headers['idempotent-replayed'], again.headers['idempotent-replayed']]).toEqual([
      undefined,
      'true',
    ]);
    const made = await harness.postgres
      .selectFrom('api_keys')
      .select('id')
      .where('name', '=', 'once')
      .execute();
    expect(made).toHaveLength(1);
  });

  it('keeps the secret out of the database', async () => {
    const made = await post('/v1/applications', { name: 'A', model: 'm' }, 'k-2');
    const rows = await harness.postgres.selectFrom('idempotent_answers').selectAll().execute();
    const text = rows
      .map(({ sealed_body, ...row }) => JSON.stringify(row) + sealed_body.toString('latin1'))
      .join();
    expect(text).not.toContain(String(made.body['token']));
    expect(text).not.toContain(String(made.body['id']));
  });

  it.each<[string, string, unknown]>([
    ['another body', '/v1/customers', { id: 'c-other' }],
    ['another route', '/v1/applications', { name: 'A', model: 'm' }],
  ])('is refused with %s', async (_what, url, body) => {
    await post('/v1/customers', { id: 'c-3' }, 'k-3');
    const refused = await post(url, body, 'k-3');
    expect([refused.status, refused.body.error.code]).toEqual([409, 'idempotency_key_reused']);
  });

  it('creates once when it is sent many times at once; the others are told to wait or get the answer', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post('/v1/customers', { name: 'rush' }, 'k-4')),
    );
    const made = answers.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    expect(new Set(made.map(({ body }) => body['id'])).size).toBe(1);
    for (const { status, body } of answers.filter(({ status }) => status !== 201))
      expect([status, body.error.code]).toEqual([409, 'request_in_flight']);
    const rows = await harness.postgres
      .selectFrom('customers')
      .select('id')
      .where('name', '=', 'rush')
      .execute();
    expect(rows).toHaveLength(1);
  });

  it('is refused while its first request is under way', async () => {
    const keyId = mine.key.split('_')[1] ?? '';
    await harness.postgres.transaction().execute(async (transaction) => {
      expect(await new IdempotentAnswers(transaction).claim(keyId, 'k-5')).toBe(true);
      const refused = await post('/v1/customers', { id: 'c-5' }, 'k-5');
      expect([refused.status, refused.body.error.code]).toEqual([409, 'request_in_flight']);
    });
    expect((await post('/v1/customers', { id: 'c-5' }, 'k-5')).status).toBe(201);
  });

  it('that failed may be tried again', async () => {
    await post('/v1/customers', { id: 'c-6' }, 'k-6');
    expect((await post('/v1/customers', { id: 'c-6' }, 'k-7')).status).toBe(409);
    await harness.call('DELETE', '/v1/customers/c-6', { key: mine.key });
    expect((await post('/v1/customers', { id: 'c-6' }, 'k-7')).status).toBe(201);
  });

  it('is remembered for its own key alone, and for 24 h', async () => {
    const other = await harness.newProject();
    const first = await post('/v1/customers', { name: 'same' }, 'k-8');
    const theirs = await post('/v1/customers', { name: 'same' }, 'k-8', other.key);
    expect(theirs.headers['idempotent-replayed']).toBeUndefined();
    expect(theirs.body['id']).not.toBe(first.body['id']);
    await harness.postgres
      .updateTable('idempotent_answers')
      .set({ created_at: new Date(Date.now() - 25 * 3_600_000) })
      .execute();
    expect(
      (await post('/v1/customers', { name: 'same' }, 'k-8')).headers['idempotent-replayed'],
    ).toBeUndefined();
  });

  it('works for projects with the admin key, and refuses a key that is none', async () => {
    const first = await post('/v1/projects', { name: 'P' }, 'k-9', ADMIN_KEY);
    expect((await post('/v1/projects', { name: 'P' }, 'k-9', ADMIN_KEY)).body).toEqual(first.body);
    expect((await post('/v1/projects', { name: 'P' }, 'x'.repeat(256), ADMIN_KEY)).status).toBe(
      400,
    );
  });
});
