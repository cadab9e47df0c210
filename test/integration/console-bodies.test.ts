import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  mine = await harness.newProject();
});
afterAll(() => harness.close());

const post = (url: string, body: unknown) => harness.call('POST', url, { key: mine.key, body });

describe('bodies', () => {
  it.each<[string, unknown, string]>([
    ['/v1/customers', { id: 'c', project: 'p2' }, 'project'],
    ['/v1/customers', { id: 'c', created_at: '2020-01-01' }, 'created_at'],
    ['/v1/customers', { id: '' }, 'id'],
    ['/v1/customers', { id: 'x'.repeat(257) }, 'id'],
    ['/v1/customers', { id: 'a\u0000b' }, 'id'],
    ['/v1/customers', { id: 7 }, 'id'],
    ['/v1/customers', { email: 'nobody' }, 'email'],
    ['/v1/customers', { metadata: { deep: {} } }, 'metadata'],
    ['/v1/customers', { metadata: [] }, 'metadata'],
    [
      '/v1/customers',
      { metadata: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`k${n}`, n])) },
      'metadata',
    ],
    ['/v1/customers', { stripe_customer_id: 'acct_1' }, 'stripe_customer_id'],
    ['/v1/applications', { name: 'a' }, 'model'],
    ['/v1/applications', { name: 'a', model: 'm', time_zone: 'Mars/Olympus' }, 'time_zone'],
    ['/v1/applications', { name: 'a', model: 'm', token: 'mine' }, 'token'],
    ['/v1/keys', { name: 'k' }, 'scopes'],
    ['/v1/keys', { name: 'k', scopes: [] }, 'scopes'],
    ['/v1/keys', { name: 'k', scopes: ['admin'] }, 'scopes'],
    ['/v1/keys', { name: 'k', scopes: 'read' }, 'scopes'],
    ['/v1/keys', { name: 'k', scopes: ['read'], key: 'rk_chosen' }, 'key'],
    ['/v1/keys', { name: 'k', scopes: ['read'], secret_hash: 'x' }, 'secret_hash'],
  ])('of %s that are wrong are refused by the field: %j', async (url, body, field) => {
    const { status, body: answer } = await post(url, body);
    expect([status, answer.error.code, answer.error.details[0]?.field]).toEqual([
      400,
      'invalid_request',
      field,
    ]);
  });

  it.each(['-1', '1e3', 'x', 1.5, '1.0000000000001', null])(
    'refuse %p as a markup',
    async (markup) => {
      const { status, body } = await harness.call('PATCH', `/v1/projects/${mine.project}`, {
        key: ADMIN_KEY,
        body: { markup },
      });
      expect([status, body.error.details[0]?.field]).toEqual([400, 'markup']);
    },
  );

  it('that are no JSON object are a 400 in the same shape', async () => {
    const headers = { 'content-type': 'application/json' };
    for (const body of ['', '{', '[]', '"x"', 'null', '{"__proto__": {"name": "x"}}']) {
      const answer = await harness.call('POST', '/v1/customers', { key: mine.key, body, headers });
      expect([body, answer.status, typeof answer.body.error.code]).toEqual([body, 400, 'string']);
    }
  });

  it('that are empty are fine where none is asked for', async () => {
    const headers = { 'content-type': 'application/json' };
    const made = await post('/v1/customers', { name: 'c' });
    const deleted = await harness.call('DELETE', `/v1/customers/${String(made.body['id'])}`, {
      key: mine.key,
      body: '',
      headers,
    });
    expect(deleted.status).toBe(200);
  });

  it('that are too large are a 413', async () => {
    expect((await post('/v1/customers', { name: 'x'.repeat(300_000) })).status).toBe(413);
  });
});
