import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock, createLogger } from '#platform';
import { Erasures } from '#postgres';
import { eventually } from '#testing';
import { ErasuresScheduler } from '../../apps/console/src/erasures/erasures.scheduler.js';
import { ErasuresService } from '../../apps/console/src/erasures/erasures.service.js';
import { Engines } from '../../apps/console/src/engines/engines.js';
import { ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };
let other: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  mine = await harness.newProject();
  other = await harness.newProject();
});

const URL = '/v1/erasures';
const post = (body: unknown, key = mine.key, url = URL) => harness.call('POST', url, { key, body });
const get = (url: string, key = mine.key) => harness.call('GET', url, { key });

interface Told {
  id: string;
  user?: string | null;
  customer?: string | null;
  at?: string;
  received_at?: string;
}

/** Events of $0.0075 each, in `project`. */
function send(project: string, events: readonly Told[]): Promise<void> {
  return harness.store(
    events.map(({ id, at = '2026-11-02T10:20:30.123Z', ...names }) => ({
      id: `${project} ${id}`,
      project,
      event_time: at,
      conversation: 'c',
      provider_response_id: 'r',
      properties: { plan: 'pro', phone: '555' },
      ...names,
    })),
  );
}

async function usage(groupBy: string, key = mine.key): Promise<unknown[]> {
  const period = 'from=2026-10-01T00:00:00Z&to=2026-12-01T00:00:00Z';
  const { body } = await get(`/v1/usage?${period}&group_by=${groupBy}`, key);
  return body.data.map(({ [groupBy]: group, events, cost }) => [group, events, cost]);
}

/** What rows of raw usage say beside their sums, by what is left of it. */
async function rows(project: string): Promise<unknown[]> {
  const answer = await harness.clickhouse.query({
    query: `SELECT count()::UInt32, customer, user, conversation, provider_response_id, mapKeys(properties) AS names
      FROM usage_raw WHERE project = {project:String} GROUP BY customer, user, conversation, provider_response_id, names ORDER BY customer, user`,
    query_params: { project },
    format: 'JSONCompactEachRow',
  });
  return answer.json();
}

/** Step by step, each by a console that knows nothing of the one before, so that an end between any two loses nothing. */
async function finish(id: string): Promise<void> {
  const engines = harness.app.get(Engines);
  const done = async () => {
    const erasure = await new Erasures(harness.postgres).find(mine.project, id);
    return new ErasuresService(engines, new Clock()).proceed(erasure!);
  };
  await eventually(async () => (await done()) || null);
}

async function erase(body: object): Promise<string> {
  const id = String((await post(body)).body['id']);
  await finish(id);
  return id;
}

describe('the erasure of a user', () => {
  const EVENTS = [
    { id: '1', user: 'ann' },
    { id: '2', user: 'ann', customer: 'globex' },
    { id: '3', user: 'ann', at: '2026-10-31T23:59:59.000Z' },
    { id: '4', user: 'bob' },
    { id: '5', user: null, customer: null },
  ];

  it('leaves every sum but the user’s own, which stands under the id of the erasure', async () => {
    await send(mine.project, EVENTS);
    await send(other.project, EVENTS);
    const before = await Promise.all(['customer', 'model', 'application'].map((by) => usage(by)));
    const id = await erase({ user: 'ann', properties: ['phone'] });
    expect(await Promise.all(['customer', 'model', 'application'].map((by) => usage(by)))).toEqual(
      before,
    );
    const byUser = await usage('user');
    expect(byUser).toHaveLength(3);
    expect(byUser).toEqual(
      expect.arrayContaining([
        [id, 3, '0.0225'],
        ['bob', 1, '0.0075'],
        [null, 1, '0.0075'],
      ]),
    );
    expect(await rows(mine.project)).toEqual([
      [1, 'acme', 'bob', 'c', 'r', ['plan', 'phone']],
      [2, 'acme', id, null, null, ['plan']],
      [1, 'globex', id, null, null, ['plan']],
      [1, null, null, 'c', 'r', ['plan', 'phone']],
    ]);
    // Another project's user of that name is somebody else.
    expect(await usage('user', other.key)).toContainEqual(['ann', 3, '0.0225']);
  });

  it('is of one customer where one is named, and whoever comes later is somebody new', async () => {
    await send(mine.project, EVENTS);
    const id = await erase({ user: 'ann', customer: 'globex' });
    await send(mine.project, [{ id: '6', user: 'ann', customer: 'globex' }]);
    expect(await usage('user')).toEqual(
      expect.arrayContaining([
        [id, 1, '0.0075'],
        ['ann', 3, '0.0225'],
      ]),
    );
  });

  it('leaves alone what is received behind the request, and comes to its end beside it', async () => {
    const project = mine.project;
    const later = new Date(Date.now() + 60_000).toISOString();
    const item = { decidedAs: 'quarantined', project, source: 'api', reason: 'x' } as const;
    const payload = JSON.stringify({ user: 'ann' });
    for (const [id, receivedAt] of [
      ['before', '2026-11-02T10:20:31.000Z'],
      ['behind', later],
    ] as const)
      await harness.setAside({ ...item, id, receivedAt, payload });
    await send(project, EVENTS);
    await send(project, [{ id: '6', user: 'ann', received_at: later }]);
    const id = await erase({ user: 'ann' });
    expect(await usage('user')).toEqual(
      expect.arrayContaining([
        [id, 3, '0.0225'],
        ['ann', 1, '0.0075'],
      ]),
    );
    const { data } = (await get('/v1/quarantine')).body;
    const naming = data.filter((one) => JSON.stringify(one).includes('ann'));
    expect(naming.map(({ id: of }) => of)).toHaveLength(1);
    expect(JSON.stringify(naming)).toContain('behind');
  });

  it('leaves nowhere whose place its id has taken, and keeps that there was a call', async () => {
    await send(mine.project, EVENTS);
    const created = await post({ user: 'ann' });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^era_\w{20}$/),
      customer: null,
      user: 'ann',
      properties: [],
      state: 'under_way',
      created_at: expect.any(String),
      done_at: null,
    });
    await post(
      { name: 'b', on: 'cost', limit: '1', scope: { user: 'ann' }, window: { kind: 'lifetime' } },
      mine.key,
      '/v1/budgets',
    );
    await post({ id: 'initech', name: 'Initech' }, mine.key, '/v1/customers');
    const id = String(created.body['id']);
    await finish(id);
    const { body } = await get(`${URL}/${id}`);
    expect(body).toMatchObject({ user: null, state: 'done', done_at: expect.any(String) });
    const calls = (await get('/v1/managing-calls')).body.data;
    expect(calls.map(({ path, body: sent, before, after }) => [path, sent, before, after])).toEqual(
      [
        ['/v1/customers', { id: 'initech', name: 'Initech' }, null, expect.any(Object)],
        ['/v1/budgets', { erased: id }, null, { erased: id }],
        [URL, { erased: id }, null, { erased: id }],
      ],
    );
  });

  it('empties what was set aside and names them, and nothing else that waits there', async () => {
    const project = mine.project;
    const item = (id: string, payload: object) =>
      harness.setAside({
        decidedAs: 'quarantined',
        project,
        source: 'api',
        id,
        reason: 'invalid_request',
        payload: JSON.stringify(payload),
      });
    await item('of-ann', { id: 'of-ann', user: 'ann', usage: { input_tokens: -1 } });
    await item('of-annette', { id: 'of-annette', user: 'annette', usage: { input_tokens: -1 } });
    await erase({ user: 'ann' });
    const { body } = await get('/v1/quarantine');
    const payloads = body.data.map(({ id: _id, event, payload }) =>
      JSON.stringify(payload ?? event),
    );
    expect(body.data).toHaveLength(2);
    expect(payloads.join()).toContain('annette');
    expect(payloads.join()).not.toContain('"ann"');
  });

  it('does not bring back rows that were taken out', async () => {
    await send(mine.project, EVENTS);
    await harness.clickhouse.command({
      query: 'DELETE FROM usage_raw WHERE project = {project:String} AND id = {id:String}',
      query_params: { project: mine.project, id: `${mine.project} 1` },
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    });
    const id = await erase({ user: 'ann' });
    expect(await rows(mine.project)).toEqual([
      [1, 'acme', 'bob', 'c', 'r', ['plan', 'phone']],
      [1, 'acme', id, null, null, ['plan', 'phone']],
      [1, 'globex', id, null, null, ['plan', 'phone']],
      [1, null, null, 'c', 'r', ['plan', 'phone']],
    ]);
  });
});

describe('the erasure of a customer', () => {
  it('comes to its end while the customer goes on', async () => {
    const received_at = new Date(Date.now() + 60_000).toISOString();
    await send(mine.project, [{ id: '1' }, { id: '2', received_at }]);
    await erase({ customer: 'acme' });
    const left = await rows(mine.project);
    expect(left).toHaveLength(2);
    expect(left).toContainEqual([1, 'acme', null, null, null, ['plan', 'phone']]);
    expect(left).toContainEqual([1, 'acme', null, 'c', 'r', ['plan', 'phone']]);
  });

  it('takes who they are, and leaves the id that bills rest on', async () => {
    await send(mine.project, [
      { id: '1', user: 'ann' },
      { id: '2', customer: 'globex' },
    ]);
    for (const id of ['acme', 'globex']) {
      const customer = {
        id,
        name: `Name of ${id}`,
        email: `${id}@example.com`,
        metadata: { vat: id },
      };
      await post(customer, mine.key, '/v1/customers');
    }
    const before = await Promise.all(['customer', 'user', 'model'].map((by) => usage(by)));
    const id = await erase({ customer: 'acme', properties: ['phone'] });
    expect(await Promise.all(['customer', 'user', 'model'].map((by) => usage(by)))).toEqual(before);
    const customers = (await get('/v1/customers')).body.data;
    expect(
      customers.map(({ id: of, name, email, metadata }) => [of, name, email, metadata]),
    ).toEqual([
      ['globex', 'Name of globex', 'globex@example.com', { vat: 'globex' }],
      ['acme', null, null, {}],
    ]);
    expect(await rows(mine.project)).toEqual([
      [1, 'acme', 'ann', null, null, ['plan']],
      [1, 'globex', null, 'c', 'r', ['plan', 'phone']],
    ]);
    const calls = (await get('/v1/managing-calls')).body.data;
    const ofCustomers = calls.filter(({ path }) => path === '/v1/customers');
    expect(ofCustomers.map(({ body }) => body)).toEqual([
      expect.objectContaining({ id: 'globex' }),
      { erased: id },
    ]);
  });
});

describe('an erasure', () => {
  it('waits until all usage from before the request is stored', async () => {
    await send(mine.project, [{ id: '1', user: 'ann' }]);
    const { body } = await post({ user: 'ann' });
    const requestedMs = Date.parse(String(body['created_at']));
    const look = (freshToMs: number | null, secondsLater = 60) => {
      const freshTo = freshToMs === null ? null : new Date(freshToMs).toISOString();
      const freshness = { freshTo: () => Promise.resolve(freshTo) };
      const clock = new Clock(secondsLater * 1_000);
      const logger = createLogger('console', 'fatal');
      const service = new ErasuresService(harness.app.get(Engines), clock);
      return new ErasuresScheduler(service, freshness, clock, logger).look(() => false);
    };
    await look(null);
    await look(requestedMs - 1_000);
    await look(requestedMs + 1_000, 5);
    expect(await usage('user')).toEqual([['ann', 1, '0.0075']]);
    await eventually(async () => {
      await look(requestedMs + 1_000);
      return (await get(`${URL}/${String(body['id'])}`)).body['state'] === 'done' || null;
    });
    expect(await usage('user')).toEqual([[body['id'], 1, '0.0075']]);
  });

  it('is one of twenty under way in a project at most', async () => {
    const asked = Array.from({ length: 20 }, (_, n) => post({ user: `u${n}` }));
    for (const { status } of await Promise.all(asked)) expect(status).toBe(201);
    const refused = await post({ user: 'one more' });
    expect([refused.status, refused.body.error.code]).toEqual([409, 'limit_reached']);
    expect((await post({ user: 'ann' }, other.key)).status).toBe(201);
  });

  it('is asked for by who manages the project, about somebody, and seen by nobody else', async () => {
    expect((await post({})).status).toBe(400);
    expect((await post({ properties: ['phone'] })).status).toBe(400);
    expect((await post({ user: '' })).status).toBe(400);
    expect((await post({ customer: 'c\u0000' })).status).toBe(400);
    const reader = await harness.newKey(mine.project, ['read', 'ingest']);
    expect((await post({ user: 'ann' }, reader)).status).toBe(403);
    expect((await get(URL, reader)).status).toBe(403);
    const { body } = await post({ user: 'ann' });
    expect((await get(`${URL}/${String(body['id'])}`, other.key)).status).toBe(404);
    expect((await get(URL, other.key)).body.data).toEqual([]);
    expect((await get(URL)).body.data).toMatchObject([{ user: 'ann', state: 'under_way' }]);
  });
});
