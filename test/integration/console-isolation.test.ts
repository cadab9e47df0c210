import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { identityOf } from '#contracts';
import { ConsoleHarness } from './console-harness.js';

const CANARY = 'canary-of-the-other-project';

let harness: ConsoleHarness;
let mine: { project: string; key: string };
let other: { project: string; key: string };
let theirs: { keyId: string; applicationId: string; quarantineId: string; budgetId: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  [mine, other] = [await harness.newProject(), await harness.newProject()];
  await harness.store([
    { id: CANARY, project: other.project, customer: CANARY, user: CANARY, model: CANARY },
  ]);
  const identity = identityOf({ project: other.project, source: 'api', id: CANARY });
  const row = {
    project: other.project,
    source: 'api',
    id: CANARY,
    identity,
    payload: JSON.stringify({ id: CANARY }),
  };
  await harness.setAside({ ...row, decidedAs: 'conflict' });
  await harness.setAside({ ...row, decidedAs: 'quarantined', reason: 'invalid_event' });
  const post = async (url: string, body: unknown) =>
    (await harness.call('POST', url, { key: other.key, body })).body;
  await post('/v1/customers', { id: CANARY, name: CANARY });
  const application = await post('/v1/applications', { id: 'shared', name: CANARY, model: 'm' });
  const key = await post('/v1/keys', { name: CANARY, scopes: ['read'] });
  const budget = await post('/v1/budgets', {
    name: CANARY,
    on: 'cost',
    limit: '1',
    window: { kind: 'lifetime' },
  });
  const { body } = await harness.call('GET', '/v1/quarantine', { key: other.key });
  theirs = {
    keyId: String(key['id']),
    budgetId: String(budget['id']),
    applicationId: String(application['id']),
    quarantineId: String(body.data[0]?.['id']),
  };
});
afterAll(() => harness.close());

describe("another project's key", () => {
  it('sees nothing in any list or sum', async () => {
    const urls = [
      '/v1/usage',
      '/v1/usage?group_by=customer,user,model&window=hour',
      `/v1/usage?customer=${CANARY}`,
      '/v1/quarantine',
      '/v1/conflicts',
      '/v1/customers',
      '/v1/applications',
      '/v1/keys',
      '/v1/budgets',
      `/v1/usage?to=2100-01-01&group_by=model`,
    ];
    for (const url of urls) {
      const seen = await harness.call('GET', url, { key: mine.key });
      expect([url, seen.status]).toEqual([url, 200]);
      expect(seen.text).not.toContain('canary');
      const own = await harness.call('GET', url, { key: other.key });
      expect(own.body.data.length).toBeGreaterThan(0);
    }
  });

  it('finds, changes and deletes nothing by its id: each is a 404 as if it did not exist', async () => {
    const paths = [
      `/v1/events/${CANARY}`,
      `/v1/quarantine/${theirs.quarantineId}`,
      `/v1/customers/${CANARY}`,
      `/v1/applications/${theirs.applicationId}`,
      `/v1/keys/${theirs.keyId}`,
      `/v1/budgets/${theirs.budgetId}`,
    ];
    for (const path of paths) {
      const seen = await harness.call('GET', path, { key: mine.key });
      expect([path, seen.status, seen.text.includes('canary')]).toEqual([path, 404, false]);
      expect((await harness.call('GET', path, { key: other.key })).status).toBe(200);
    }
    for (const path of paths.slice(2)) {
      for (const [method, body] of [
        ['PATCH', { name: 'taken' }],
        ['DELETE', undefined],
      ] as const)
        expect((await harness.call(method, path, { key: mine.key, body })).status).toBe(404);
      const kept = await harness.call('GET', path, { key: other.key });
      expect(kept.body['name']).toBe(CANARY);
    }
    const replay = await harness.call('POST', `/v1/quarantine/${theirs.quarantineId}/replay`, {
      key: mine.key,
    });
    expect([replay.status, harness.sent]).toEqual([404, []]);
  });

  it('cannot name the project anywhere', async () => {
    const attempts = [
      await harness.call('POST', '/v1/keys', {
        key: mine.key,
        body: { name: 'k', scopes: ['read'], project: other.project },
      }),
      await harness.call('GET', `/v1/keys?project=${other.project}`, { key: mine.key }),
      await harness.call('GET', `/v1/keys/${theirs.keyId}?project=${other.project}`, {
        key: mine.key,
      }),
      await harness.call('DELETE', `/v1/keys/${theirs.keyId}?project=${other.project}`, {
        key: mine.key,
      }),
    ];
    expect(attempts.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    for (const url of [
      '/v1/usage',
      '/v1/customers',
      '/v1/applications',
      '/v1/quarantine',
      '/v1/conflicts',
      '/v1/events/x',
    ])
      expect(
        (await harness.call('GET', `${url}?project=${other.project}`, { key: mine.key })).status,
      ).toBe(400);
    expect(
      (await harness.call('GET', `/v1/projects/${other.project}`, { key: mine.key })).status,
    ).toBe(403);
  });

  it('may have the same ids for its own things, without a collision', async () => {
    for (const [url, body] of [
      ['/v1/customers', { id: CANARY, name: 'mine' }],
      ['/v1/applications', { id: 'shared', name: 'mine', model: 'm' }],
    ] as const) {
      const made = await harness.call('POST', url, { key: mine.key, body });
      expect([made.status, made.body['name']]).toEqual([201, 'mine']);
    }
    expect(
      (await harness.call('DELETE', '/v1/applications/shared', { key: mine.key })).status,
    ).toBe(200);
    expect(
      (await harness.call('GET', '/v1/applications/shared', { key: other.key })).body['name'],
    ).toBe(CANARY);
    await harness.store([{ id: CANARY, project: mine.project, customer: 'mine' }]);
    expect(
      (await harness.call('GET', `/v1/events/${CANARY}`, { key: mine.key })).body['customer'],
    ).toBe('mine');
    expect(
      (await harness.call('GET', `/v1/events/${CANARY}`, { key: other.key })).body['customer'],
    ).toBe(CANARY);
  });

  it('reaches no list through a cursor of the other project', async () => {
    for (let n = 0; n < 2; n += 1)
      await harness.call('POST', '/v1/customers', { key: other.key, body: { name: CANARY } });
    const { body } = await harness.call('GET', '/v1/customers?limit=1', { key: other.key });
    const seen = await harness.call('GET', `/v1/customers?cursor=${String(body['next_cursor'])}`, {
      key: mine.key,
    });
    expect([seen.status, JSON.stringify(seen.body).includes(`"name":"${CANARY}"`)]).toEqual([
      200,
      false,
    ]);
  });
});

describe('no key', () => {
  it('opens no route', async () => {
    const document = JSON.parse((await harness.call('GET', '/docs-json')).text) as {
      paths: Record<string, Record<string, unknown>>;
    };
    const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => [method.toUpperCase(), path] as const),
    );
    expect(routes.length).toBeGreaterThan(40);
    for (const [method, path] of routes) {
      for (const key of [undefined, 'rk_wrong', mine.key.slice(0, -1)]) {
        const call = {
          ...(key ? { key } : {}),
          ...(method === 'POST' || method === 'PATCH' ? { body: {} } : {}),
        };
        const { status, body } = await harness.call(
          method as 'GET',
          path.replace('{id}', 'x'),
          call,
        );
        expect([method, path, status]).toEqual([method, path, 401]);
        expect(body.error.request_id).toMatch(/^req_/);
      }
    }
  });
});
