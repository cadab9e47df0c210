import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '#platform';
import { Erasures } from '#postgres';
import { eventually } from '#testing';
import { ErasuresService } from '../../apps/console/src/erasures/erasures.service.js';
import { Engines } from '../../apps/console/src/engines/engines.js';
import { ErasureCaller } from './erasure-caller.js';

let caller: ErasureCaller;

beforeAll(async () => {
  caller = await ErasureCaller.open();
});
afterAll(() => caller.close());
beforeEach(() => caller.renew());

/** Step by step, each by a console that knows nothing of the one before, so that an end between any two loses nothing. */
async function finish(id: string): Promise<void> {
  const engines = caller.harness.app.get(Engines);
  const done = async () => {
    const erasure = await new Erasures(caller.harness.postgres).find(caller.mine.project, id);
    return new ErasuresService(engines, new Clock()).proceed(erasure!);
  };
  await eventually(async () => (await done()) || null);
}

async function erase(body: object): Promise<string> {
  const id = String((await caller.post(body)).body['id']);
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
    await caller.send(caller.mine.project, EVENTS);
    await caller.send(caller.other.project, EVENTS);
    const before = await Promise.all(
      ['customer', 'model', 'application'].map((by) => caller.usage(by)),
    );
    const id = await erase({ user: 'ann', properties: ['phone'] });
    expect(
      await Promise.all(['customer', 'model', 'application'].map((by) => caller.usage(by))),
    ).toEqual(before);
    const byUser = await caller.usage('user');
    expect(byUser).toHaveLength(3);
    expect(byUser).toEqual(
      expect.arrayContaining([
        [id, 3, '0.0225'],
        ['bob', 1, '0.0075'],
        [null, 1, '0.0075'],
      ]),
    );
    expect(await caller.rows()).toEqual([
      [1, 'acme', 'bob', 'c', 'r', ['plan', 'phone']],
      [2, 'acme', id, null, null, ['plan']],
      [1, 'globex', id, null, null, ['plan']],
      [1, null, null, 'c', 'r', ['plan', 'phone']],
    ]);
    // Another project's user of that name is somebody else.
    expect(await caller.usage('user', caller.other.key)).toContainEqual(['ann', 3, '0.0225']);
  });

  it('is of one customer where one is named, and whoever comes later is somebody new', async () => {
    await caller.send(caller.mine.project, EVENTS);
    const id = await erase({ user: 'ann', customer: 'globex' });
    await caller.send(caller.mine.project, [{ id: '6', user: 'ann', customer: 'globex' }]);
    expect(await caller.usage('user')).toEqual(
      expect.arrayContaining([
        [id, 1, '0.0075'],
        ['ann', 3, '0.0225'],
      ]),
    );
  });

  it('leaves alone what is received behind the request, and comes to its end beside it', async () => {
    const project = caller.mine.project;
    const later = new Date(Date.now() + 60_000).toISOString();
    const item = { decidedAs: 'quarantined', project, source: 'api', reason: 'x' } as const;
    const payload = JSON.stringify({ user: 'ann' });
    for (const [id, receivedAt] of [
      ['before', '2026-11-02T10:20:31.000Z'],
      ['behind', later],
    ] as const)
      await caller.harness.setAside({ ...item, id, receivedAt, payload });
    await caller.send(project, EVENTS);
    await caller.send(project, [{ id: '6', user: 'ann', received_at: later }]);
    const id = await erase({ user: 'ann' });
    expect(await caller.usage('user')).toEqual(
      expect.arrayContaining([
        [id, 3, '0.0225'],
        ['ann', 1, '0.0075'],
      ]),
    );
    const { data } = (await caller.get('/v1/quarantine')).body;
    const naming = data.filter((one) => JSON.stringify(one).includes('ann'));
    expect(naming.map(({ id: of }) => of)).toHaveLength(1);
    expect(JSON.stringify(naming)).toContain('behind');
  });

  it('leaves nowhere whose place its id has taken, and keeps that there was a call', async () => {
    await caller.send(caller.mine.project, EVENTS);
    const created = await caller.post({ user: 'ann' });
    expect(created.body).toEqual({
      id: expect.stringMatching(/^era_\w{20}$/),
      customer: null,
      user: 'ann',
      properties: [],
      state: 'under_way',
      created_at: expect.any(String),
      done_at: null,
    });
    await caller.post(
      { name: 'b', on: 'cost', limit: '1', scope: { user: 'ann' }, window: { kind: 'lifetime' } },
      { url: '/v1/budgets' },
    );
    await caller.post({ id: 'initech', name: 'Initech' }, { url: '/v1/customers' });
    const id = String(created.body['id']);
    await finish(id);
    const { body } = await caller.find(id);
    expect(body).toMatchObject({ user: null, state: 'done', done_at: expect.any(String) });
    const calls = (await caller.get('/v1/managing-calls')).body.data;
    expect(calls.map(({ path, body: sent, before, after }) => [path, sent, before, after])).toEqual(
      [
        ['/v1/customers', { id: 'initech', name: 'Initech' }, null, expect.any(Object)],
        ['/v1/budgets', { erased: id }, null, { erased: id }],
        ['/v1/erasures', { erased: id }, null, { erased: id }],
      ],
    );
  });

  it('empties what was set aside and names them, and nothing else that waits there', async () => {
    const project = caller.mine.project;
    const item = (id: string, payload: object) =>
      caller.harness.setAside({
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
    const { body } = await caller.get('/v1/quarantine');
    const payloads = body.data.map(({ id: _id, event, payload }) =>
      JSON.stringify(payload ?? event),
    );
    expect(body.data).toHaveLength(2);
    expect(payloads.join()).toContain('annette');
    expect(payloads.join()).not.toContain('"ann"');
  });

  it('does not bring back rows that were taken out', async () => {
    await caller.send(caller.mine.project, EVENTS);
    await caller.harness.clickhouse.command({
      query: 'DELETE FROM usage_raw WHERE project = {project:String} AND id = {id:String}',
      query_params: { project: caller.mine.project, id: `${caller.mine.project} 1` },
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    });
    const id = await erase({ user: 'ann' });
    expect(await caller.rows()).toEqual([
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
    await caller.send(caller.mine.project, [{ id: '1' }, { id: '2', received_at }]);
    await erase({ customer: 'acme' });
    const left = await caller.rows();
    expect(left).toHaveLength(2);
    expect(left).toContainEqual([1, 'acme', null, null, null, ['plan', 'phone']]);
    expect(left).toContainEqual([1, 'acme', null, 'c', 'r', ['plan', 'phone']]);
  });

  it('takes who they are, and leaves the id that bills rest on', async () => {
    await caller.send(caller.mine.project, [
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
      await caller.post(customer, { url: '/v1/customers' });
    }
    const before = await Promise.all(['customer', 'user', 'model'].map((by) => caller.usage(by)));
    const id = await erase({ customer: 'acme', properties: ['phone'] });
    expect(await Promise.all(['customer', 'user', 'model'].map((by) => caller.usage(by)))).toEqual(
      before,
    );
    const customers = (await caller.get('/v1/customers')).body.data;
    expect(
      customers.map(({ id: of, name, email, metadata }) => [of, name, email, metadata]),
    ).toEqual([
      ['globex', 'Name of globex', 'globex@example.com', { vat: 'globex' }],
      ['acme', null, null, {}],
    ]);
    expect(await caller.rows()).toEqual([
      [1, 'acme', 'ann', null, null, ['plan']],
      [1, 'globex', null, 'c', 'r', ['plan', 'phone']],
    ]);
    const calls = (await caller.get('/v1/managing-calls')).body.data;
    const ofCustomers = calls.filter(({ path }) => path === '/v1/customers');
    expect(ofCustomers.map(({ body }) => body)).toEqual([
      expect.objectContaining({ id: 'globex' }),
      { erased: id },
    ]);
  });
});
