import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConsoleHarness } from './console-harness.js';

const RATES = '/v1/rates';
const RATE = { name: 'Spend a minute', on: 'cost', over_seconds: 60, limit: '5' };

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  mine = await harness.newProject();
});

const call = (method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  harness.call(method, `${RATES}${path}`, { key: mine.key, body });

async function newRate(change: object = {}): Promise<string> {
  const { status, body } = await call('POST', '', { ...RATE, ...change });
  expect([status, body.error]).toEqual([201, undefined]);
  return String(body['id']);
}

describe('a rate', () => {
  it('is created with defaults, read, listed, changed and deleted', async () => {
    const { status, body } = await call('POST', '', RATE);
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^rat_\w{16}$/),
        ...RATE,
        scope: {},
        per: [],
        change_percent: null,
        events_min: 1,
        created_at: expect.stringMatching(/Z$/),
      },
    ]);
    const id = String(body['id']);
    expect((await call('GET', `/${id}`)).body).toMatchObject(body);
    const changed = { ...body, name: 'Spend', limit: '7.5', events_min: 20 };
    const change = { name: 'Spend', limit: '7.50', events_min: 20 };
    expect((await call('PATCH', `/${id}`, change)).body).toEqual(changed);
    expect((await call('PATCH', `/${id}`, {})).body).toEqual(changed);
    expect((await call('GET', '')).body).toEqual({ data: [changed], next_cursor: null });
    expect((await call('DELETE', `/${id}`)).body).toEqual(changed);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await call(method, `/${id}`)).status).toBe(404);
    expect((await call('GET', '')).body.data).toEqual([]);
  });

  it.each<object>([
    { on: 'errors', limit: '0.05', events_min: 50, scope: { provider: 'openai' } },
    { on: 'errors', limit: '1' },
    { on: 'latency_p95', limit: '2500.5', per: ['model'] },
    { on: 'tokens', limit: '100000', over_seconds: 86_400 },
    { on: 'requests', limit: null, change_percent: 150, over_seconds: 10 },
  ])('may be %j', async (change) => {
    const id = await newRate(change);
    expect((await call('GET', `/${id}`)).body).toMatchObject(change);
  });

  it.each<[object, string]>([
    [{ name: undefined }, 'name'],
    [{ on: 'charge' }, 'on'],
    [{ scope: { custmer: 'acme' } }, 'scope'],
    [{ per: ['nothing'] }, 'per'],
    [{ over_seconds: undefined }, 'over_seconds'],
    [{ over_seconds: 9 }, 'over_seconds'],
    [{ over_seconds: 86_401 }, 'over_seconds'],
    [{ over_seconds: '60' }, 'over_seconds'],
    [{ limit: 5 }, 'limit'],
    [{ limit: '0' }, 'limit'],
    [{ limit: undefined }, 'limit'],
    [{ change_percent: 50 }, 'limit'],
    [{ on: 'errors', limit: '1.01' }, 'limit'],
    [{ on: 'errors', limit: '5' }, 'limit'],
    [{ on: 'tokens', limit: '0.5' }, 'limit'],
    [{ on: 'events', limit: '0.5' }, 'limit'],
    [{ limit: undefined, change_percent: 0 }, 'change_percent'],
    [{ limit: undefined, change_percent: '50' }, 'change_percent'],
    [{ events_min: 0 }, 'events_min'],
    [{ events_min: null }, 'events_min'],
    [{ window: { kind: 'lifetime' } }, 'window'],
  ])('is refused with %j, which names the field', async (change, field) => {
    const { status, body } = await call('POST', '', { ...RATE, ...change });
    expect([status, body.error?.details?.[0]?.field]).toEqual([400, field]);
  });

  it('says that what it measures is fixed', async () => {
    const id = await newRate();
    for (const [field, value] of Object.entries({
      on: 'cost',
      scope: {},
      per: [],
      over_seconds: 60,
    })) {
      const refused = await call('PATCH', `/${id}`, { [field]: value });
      expect([refused.status, refused.body.error.details]).toEqual([
        400,
        [{ field, message: expect.stringContaining('cannot change') }],
      ]);
    }
  });

  it('has one bound: a new one of either kind takes the place of the other', async () => {
    const id = await newRate();
    const bounds = async (change: object) => {
      const { status, body } = await call('PATCH', `/${id}`, change);
      return [status, body['limit'], body['change_percent']];
    };
    expect(await bounds({ change_percent: 50.5 })).toEqual([200, null, 50.5]);
    expect(await bounds({ limit: '3' })).toEqual([200, '3', null]);
    expect(await bounds({ limit: null, change_percent: 20 })).toEqual([200, null, 20]);
    expect((await bounds({ limit: '3', change_percent: 20 }))[0]).toBe(400);
    expect((await bounds({ change_percent: null }))[0]).toBe(400);
    expect((await call('GET', `/${id}`)).body).toMatchObject({ limit: null, change_percent: 20 });
  });

  it('takes the next number of change with each change, and when it is deleted', async () => {
    const id = await newRate();
    const numberOf = async () =>
      (
        await harness.postgres
          .selectFrom('rates')
          .select('change')
          .where('id', '=', id)
          .executeTakeFirstOrThrow()
      ).change;
    const created = await numberOf();
    await call('PATCH', `/${id}`, { limit: '6' });
    const changed = await numberOf();
    await call('DELETE', `/${id}`);
    expect([changed > created, (await numberOf()) > changed]).toEqual([true, true]);
  });

  it('is the same for the same Idempotency-Key', async () => {
    const request = { key: mine.key, body: RATE, headers: { 'idempotency-key': 'once' } };
    const first = await harness.call('POST', RATES, request);
    const second = await harness.call('POST', RATES, request);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect((await call('GET', '')).body.data).toHaveLength(1);
  });

  it('belongs to its project, and to keys with the right scope', async () => {
    const id = await newRate();
    const other = await harness.newProject();
    for (const [method, body] of [['GET'], ['PATCH', { name: 'taken' }], ['DELETE']] as const)
      expect((await harness.call(method, `${RATES}/${id}`, { key: other.key, body })).status).toBe(
        404,
      );
    const reader = await harness.newKey(mine.project, ['read']);
    expect((await harness.call('GET', RATES, { key: reader })).body.data).toHaveLength(1);
    expect((await harness.call('POST', RATES, { key: reader, body: RATE })).status).toBe(403);
  });
});
