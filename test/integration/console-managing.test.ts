import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SCOPES } from '#access';
import { ADMIN_KEY, type Answer, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  mine = await harness.newProject();
});

const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
const KEY = /^rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{27}_[0-9A-Za-z]{6}$/;

const post = (url: string, body: unknown, key = mine.key, headers: Record<string, string> = {}) =>
  harness.call('POST', url, { key, body, headers });
const get = (url: string, key = mine.key) => harness.call('GET', url, { key });
const patch = (url: string, body: unknown, key = mine.key) =>
  harness.call('PATCH', url, { key, body });
const remove = (url: string, key = mine.key) => harness.call('DELETE', url, { key });
const idOf = ({ body }: Answer): string => String(body['id']);

describe('projects', () => {
  it('are made, read, changed and deleted with the admin key', async () => {
    const made = await post('/v1/projects', { name: 'Shop', markup: '1.25' }, ADMIN_KEY);
    const project = {
      id: expect.stringMatching(/^prj_/),
      name: 'Shop',
      markup: '1.25',
      limits: expect.objectContaining({ budgets: 200, keys: 100 }),
      created_at: expect.stringMatching(RFC_3339),
    };
    expect([made.status, made.body]).toEqual([201, project]);
    const url = `/v1/projects/${idOf(made)}`;
    expect((await get(url, ADMIN_KEY)).body).toEqual(made.body);
    const changed = { ...made.body, markup: '2' };
    expect((await patch(url, { markup: '2' }, ADMIN_KEY)).body).toEqual(changed);
    expect((await patch(url, {}, ADMIN_KEY)).body).toEqual(changed);
    expect((await get('/v1/projects?limit=1', ADMIN_KEY)).body.data).toEqual([changed]);
    expect((await remove(url, ADMIN_KEY)).body).toEqual(changed);
    for (const answer of [
      await get(url, ADMIN_KEY),
      await patch(url, { name: 'x' }, ADMIN_KEY),
      await remove(url, ADMIN_KEY),
    ])
      expect([answer.status, answer.body.error.code]).toEqual([404, 'not_found']);
  });

  it('take an id once, a default markup, and no other key', async () => {
    const id = `given-${mine.project}`;
    expect((await post('/v1/projects', { id, name: 'A' }, ADMIN_KEY)).body).toMatchObject({
      id,
      markup: '1',
    });
    expect((await post('/v1/projects', { id, name: 'B' }, ADMIN_KEY)).body.error).toMatchObject({
      code: 'id_taken',
      details: [{ field: 'id' }],
    });
    expect((await post('/v1/projects', { name: 'A' })).body.error.code).toBe('admin_only');
    expect((await get('/v1/projects')).status).toBe(403);
    expect((await get('/v1/projects', 'rk_wrong')).status).toBe(401);
    expect((await get('/v1/projects', `${ADMIN_KEY}x`)).status).toBe(401);
  });

  it('take their keys with them when they go, within 2 s', async () => {
    expect((await get('/v1/usage')).status).toBe(200);
    await remove(`/v1/projects/${mine.project}`, ADMIN_KEY);
    await until(async () => (await get('/v1/usage')).status === 401, 2000);
    const late = await post(
      '/v1/keys',
      { name: 'late', scopes: ['read'], project: mine.project },
      ADMIN_KEY,
    );
    expect(late.status).toBe(404);
  });
});

describe('keys', () => {
  it('are shown once, work from the moment they are answered, and are stored as a hash only', async () => {
    const made = await post('/v1/keys', { name: 'reader', scopes: ['read'] });
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^\w{12}$/),
        project: mine.project,
        application: null,
        name: 'reader',
        scopes: ['read'],
        expires_at: null,
        last_used_at: null,
        created_at: expect.stringMatching(RFC_3339),
        key: expect.stringMatching(KEY),
      },
    ]);
    const key = String(made.body['key']);
    expect((await get('/v1/usage', key)).status).toBe(200);
    const { key: _secret, ...shown } = made.body;
    expect((await get(`/v1/keys/${idOf(made)}`)).body).toEqual(shown);
    const rows = await harness.postgres.selectFrom('api_keys').selectAll().execute();
    expect(JSON.stringify(rows)).not.toContain(key);
  });

  it('open only what their scopes say', async () => {
    const reader = await harness.newKey(mine.project, ['read']);
    const manager = await harness.newKey(mine.project, ['manage']);
    const sender = await harness.newKey(mine.project, ['ingest']);
    const reading = ['/v1/usage', '/v1/conflicts', '/v1/quarantine'];
    for (const url of [...reading, '/v1/keys', '/v1/customers', '/v1/applications'])
      expect([
        (await get(url, reader)).status,
        (await get(url, manager)).status,
        (await get(url, sender)).status,
      ]).toEqual([200, 403, 403]);
    for (const [key, status] of [
      [reader, 403],
      [manager, 201],
      [sender, 403],
    ] as const)
      expect((await post('/v1/customers', { name: 'scoped' }, key)).status).toBe(status);
    expect((await get('/v1/customers', sender)).body.error.code).toBe('missing_scope');
  });

  it('stop within 2 s of their revocation, and lose a scope as fast', async () => {
    const made = await post('/v1/keys', { name: 'k', scopes: ['read', 'manage'] });
    const key = String(made.body['key']);
    expect((await get('/v1/usage', key)).status).toBe(200);
    expect((await patch(`/v1/keys/${idOf(made)}`, { scopes: ['manage'] })).body).toMatchObject({
      scopes: ['manage'],
    });
    await until(async () => (await get('/v1/usage', key)).status === 403, 2000);
    const revoked = await remove(`/v1/keys/${idOf(made)}`);
    expect([revoked.status, revoked.body['id']]).toEqual([200, made.body['id']]);
    await until(async () => (await get('/v1/customers', key)).status === 401, 2000);
    expect((await get(`/v1/keys/${idOf(made)}`)).status).toBe(404);
    expect((await remove(`/v1/keys/${idOf(made)}`)).status).toBe(404);
  });

  it('are made for any project by the admin, who has to name it', async () => {
    const made = await post(
      '/v1/keys',
      { name: 'first', scopes: [...SCOPES], project: mine.project },
      ADMIN_KEY,
    );
    expect((await get(`/v1/keys/${idOf(made)}`)).body).toMatchObject({
      project: mine.project,
      name: 'first',
    });
    expect((await get(`/v1/keys?project=${mine.project}`, ADMIN_KEY)).body.data).toHaveLength(2);
    expect((await remove(`/v1/keys/${idOf(made)}?project=${mine.project}`, ADMIN_KEY)).status).toBe(
      200,
    );
    const unnamed = await post('/v1/keys', { name: 'k', scopes: ['read'] }, ADMIN_KEY);
    expect([unnamed.status, unnamed.body.error.details[0]?.field]).toEqual([400, 'project']);
    expect(
      (await post('/v1/keys', { name: 'k', scopes: ['read'], project: 'nowhere' }, ADMIN_KEY))
        .status,
    ).toBe(404);
  });
});

describe('applications', () => {
  it('come with a token that may only send, shown once', async () => {
    const made = await post('/v1/applications', {
      name: 'Chat',
      provider: 'openai',
      model: 'gpt-4o',
      time_zone: 'Asia/Kathmandu',
    });
    const application = {
      id: expect.stringMatching(/^app_/),
      name: 'Chat',
      provider: 'openai',
      model: 'gpt-4o',
      time_zone: 'Asia/Kathmandu',
      created_at: expect.stringMatching(RFC_3339),
    };
    expect([made.status, made.body]).toEqual([
      201,
      { ...application, token: expect.stringMatching(KEY) },
    ]);
    const token = String(made.body['token']);
    expect((await get('/v1/usage', token)).body.error.code).toBe('missing_scope');
    expect((await get(`/v1/applications/${idOf(made)}`)).body).toEqual({
      ...application,
      id: made.body['id'],
    });
    expect((await get('/v1/keys')).body.data).toHaveLength(1);
    expect(
      (await patch(`/v1/applications/${idOf(made)}`, { model: 'gpt-4o-mini', provider: null }))
        .body,
    ).toMatchObject({ model: 'gpt-4o-mini', provider: null, name: 'Chat' });
    expect((await remove(`/v1/applications/${idOf(made)}`)).body).toMatchObject({
      id: made.body['id'],
    });
    await until(async () => (await get('/v1/usage', token)).status === 401, 2000);
  });
});

describe('customers', () => {
  it('are made, read, changed and deleted', async () => {
    const sent = {
      id: 'a/b 🙂',
      name: 'Acme',
      email: 'billing@acme.example',
      metadata: { plan: 'gold', seats: 3, trial: false },
      stripe_customer_id: 'cus_123',
    };
    const made = await post('/v1/customers', sent);
    expect([made.status, made.body]).toEqual([
      201,
      { ...sent, created_at: expect.stringMatching(RFC_3339) },
    ]);
    const url = `/v1/customers/${encodeURIComponent(sent.id)}`;
    expect((await get(url)).body).toEqual(made.body);
    expect((await patch(url, { email: null, metadata: { plan: 'blue' } })).body).toEqual({
      ...made.body,
      email: null,
      metadata: { plan: 'blue' },
    });
    expect((await post('/v1/customers', sent)).body.error.code).toBe('id_taken');
    expect((await remove(url)).status).toBe(200);
    expect((await get(url)).status).toBe(404);
    expect((await post('/v1/customers', { id: sent.id })).body).toMatchObject({
      id: sent.id,
      name: null,
      metadata: {},
    });
  });

  it('are listed the newest first, page by page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n += 1) ids.push(idOf(await post('/v1/customers', { name: `c${n}` })));
    const listed: unknown[] = [];
    let cursor = '';
    for (let pages = 0; pages < 3; pages += 1) {
      const { body } = await get(`/v1/customers?limit=2${cursor}`);
      listed.push(...body.data.map(({ id }) => id));
      cursor = `&cursor=${String(body['next_cursor'])}`;
      expect(body['next_cursor'] === null).toBe(pages === 2);
    }
    expect(new Set(listed)).toEqual(new Set(ids));
    expect([listed.length, listed[0]]).toEqual([5, ids[4]]);
  });
});

/** Waits for a condition, at most so long. */
async function until(holds: () => Promise<boolean>, atMostMs: number): Promise<void> {
  const deadline = performance.now() + atMostMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`did not hold within ${atMostMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
