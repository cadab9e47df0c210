import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '#platform';
import { ConsoleConfig } from '../../apps/console/src/console.config.js';
import { Engines } from '../../apps/console/src/engines/engines.js';
import { ManagingCallRetentionService } from '../../apps/console/src/managing-calls/managing-call-retention.service.js';
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

const CALLS = '/v1/managing-calls';
const as = (key: string) => ({
  post: (url: string, body?: unknown) => harness.call('POST', url, { key, body }),
  patch: (url: string, body: unknown) => harness.call('PATCH', url, { key, body }),
  remove: (url: string) => harness.call('DELETE', url, { key }),
  get: (url: string) => harness.call('GET', url, { key }),
});
const keyIdOf = (key: string): string => key.split('_')[1] ?? '';
const idOf = ({ body }: Answer): string => String(body['id']);

async function callsOf(key: string, query = ''): Promise<Record<string, unknown>[]> {
  return (await as(key).get(`${CALLS}${query}`)).body.data;
}

describe('managing calls', () => {
  it('are listed with who, what, before and after, the newest first', async () => {
    const owner = as(mine.key);
    const url = '/v1/customers/acme';
    const made = await owner.post('/v1/customers', { id: 'acme', name: 'Acme' });
    await owner.patch(url, { name: 'Acme Ltd' });
    await owner.get(url);
    await owner.remove(url);
    const [removed, changed, created, ...others] = await callsOf(mine.key);
    expect(others).toEqual([]);
    expect(created).toEqual({
      id: expect.stringMatching(/^call_\w{20}$/),
      caller: keyIdOf(mine.key),
      request_id: made.headers['x-request-id'],
      method: 'POST',
      path: '/v1/customers',
      body: { id: 'acme', name: 'Acme' },
      before: null,
      after: expect.objectContaining({ project: mine.project, id: 'acme', name: 'Acme' }),
      outcome: 'done',
      created_at: expect.stringMatching(/Z$/),
    });
    expect(changed).toMatchObject({
      method: 'PATCH',
      path: url,
      body: { name: 'Acme Ltd' },
      before: { name: 'Acme', deleted_at: null },
      after: { name: 'Acme Ltd' },
    });
    expect(removed).toMatchObject({
      method: 'DELETE',
      body: null,
      before: { name: 'Acme Ltd', deleted_at: null },
      after: { name: 'Acme Ltd', deleted_at: expect.any(String) },
    });
  });

  it('are kept where they were refused, with the reason and nothing behind them', async () => {
    const owner = as(mine.key);
    await owner.patch('/v1/budgets/bud_none', { name: 'x' });
    await owner.post('/v1/keys', { name: 'k', scopes: ['all'] });
    await as(await harness.newKey(mine.project, ['read'])).remove('/v1/customers/acme');
    const outcomes = (await callsOf(mine.key)).map(({ outcome, after }) => [outcome, after]);
    // A key without the scope gets no further than the door.
    expect(outcomes).toEqual([
      ['invalid_request', null],
      ['not_found', null],
    ]);
  });

  it('show no secret, of whatever they made', async () => {
    const owner = as(mine.key);
    const secrets = [
      (await owner.post('/v1/keys', { name: 'k', scopes: ['read'] })).body['key'],
      (await owner.post('/v1/applications', { name: 'a', model: 'm' })).body['token'],
    ];
    const hook = await owner.post('/v1/webhook-endpoints', { url: 'https://e.com', events: ['*'] });
    const rotated = await owner.post(`/v1/webhook-endpoints/${idOf(hook)}/rotate-secret`);
    secrets.push(hook.body['secret'], rotated.body['secret']);
    const rows = await harness.postgres.selectFrom('managing_calls').selectAll().execute();
    const text = JSON.stringify([await callsOf(mine.key), rows]);
    for (const secret of secrets) {
      expect(String(secret)).toMatch(/^(rk_|whsec_)/);
      expect(text).not.toContain(secret);
    }
    expect(text).not.toMatch(/secret_hash|sealed:|whsec_/);
  });

  it('are of one project each: the admin reads them by its name, nobody else does', async () => {
    const other = await harness.newProject();
    await as(mine.key).post('/v1/customers', { id: 'a' });
    await as(other.key).remove('/v1/customers/a');
    await as(ADMIN_KEY).patch(`/v1/projects/${mine.project}`, { name: 'Renamed' });
    const wish = { name: 'k', scopes: ['read'], project: mine.project };
    await as(ADMIN_KEY).post('/v1/keys', wish);
    const seen = await callsOf(mine.key);
    expect(seen.map(({ caller, path }) => [caller, path])).toEqual([
      ['admin', '/v1/keys'],
      ['admin', `/v1/projects/${mine.project}`],
      [keyIdOf(mine.key), '/v1/customers'],
    ]);
    expect(seen[1]).toMatchObject({ before: { name: mine.project }, after: { name: 'Renamed' } });
    expect(await callsOf(ADMIN_KEY, `?project=${mine.project}`)).toEqual(seen);
    expect((await callsOf(other.key)).map(({ path, before }) => [path, before])).toEqual([
      ['/v1/customers/a', null],
    ]);
    const named = await as(other.key).get(`${CALLS}?project=${mine.project}`);
    expect([named.status, named.body.error.code]).toEqual([403, 'admin_only']);
    const made = await as(ADMIN_KEY).post('/v1/projects', { name: 'New' });
    expect(await callsOf(ADMIN_KEY, `?project=${idOf(made)}`)).toMatchObject([
      { method: 'POST', path: '/v1/projects', after: { id: idOf(made), name: 'New' } },
    ]);
  });

  it('come page by page, each once', async () => {
    for (let n = 0; n < 5; n += 1) await as(mine.key).post('/v1/customers', { id: `c${n}` });
    const ids: unknown[] = [];
    let query = '?limit=2';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await as(mine.key).get(`${CALLS}${query}`);
      ids.push(...body.data.map(({ body: sent }) => (sent as { id: string }).id));
      query = `?limit=2&cursor=${String(body['next_cursor'])}`;
    }
    expect(ids).toEqual(['c4', 'c3', 'c2', 'c1', 'c0']);
  });

  it('hold back every change that cannot be kept', async () => {
    await harness.postgres.schema.alterTable('managing_calls').renameTo('moved').execute();
    const refused = await as(mine.key).post('/v1/customers', { id: 'unseen' });
    await harness.postgres.schema.alterTable('moved').renameTo('managing_calls').execute();
    expect(refused.status).toBeGreaterThanOrEqual(500);
    expect((await as(mine.key).get('/v1/customers/unseen')).status).toBe(404);
  });

  it('end when they were kept for 400 days, however many there are, and no sooner', async () => {
    const sweep = (daysLater: number, isStopped = false) => {
      const clock = new Clock(daysLater * 86_400_000);
      const engines = harness.app.get(Engines);
      return new ManagingCallRetentionService(new ConsoleConfig(), engines, clock).sweep(
        () => isStopped,
      );
    };
    const left = async () => {
      const calls = harness.postgres.selectFrom('managing_calls').select('id');
      return (await calls.where('project', '=', mine.project).execute()).length;
    };
    const made = Array.from({ length: 1_201 }, (_, n) => ({
      id: `${mine.project}_${n}`,
      project: mine.project,
      caller: 'admin',
      request_id: 'r',
      method: 'POST',
      path: `/v1/${n}`,
      body: null,
      before: null,
    }));
    await harness.postgres.insertInto('managing_calls').values(made).execute();
    await sweep(399);
    await sweep(401, true);
    expect(await left()).toBe(1_201);
    await sweep(401);
    expect(await left()).toBe(0);
  });
});
