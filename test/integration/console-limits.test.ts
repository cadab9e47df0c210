import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
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

const BUDGET = { name: 'a', on: 'cost', limit: '1', window: { kind: 'lifetime' } };
const RATE = { name: 'a', on: 'cost', limit: '1', over_seconds: 60 };
const post = (path: string, body: object, headers = {}) =>
  harness.call('POST', path, { key: mine.key, body, headers });
const setLimits = (limits: object) =>
  harness.call('PATCH', `/v1/projects/${mine.project}`, { key: ADMIN_KEY, body: { limits } });
const statusesOf = (answers: Answer[]) =>
  answers.map(({ status }) => status).toSorted((a, b) => a - b);

async function limits(): Promise<Record<string, [most: unknown, used: unknown]>> {
  const { status, body } = await harness.call('GET', '/v1/limits', { key: mine.key });
  expect(status).toBe(200);
  return Object.fromEntries(body.data.map(({ kind, most, used }) => [String(kind), [most, used]]));
}

describe('what a project may have', () => {
  it('is shown with what it has', async () => {
    await post('/v1/budgets', BUDGET);
    expect(await limits()).toEqual({
      budgets: [200, 1],
      rates: [100, 0],
      mutes: [1_000, 0],
      webhook_endpoints: [50, 0],
      keys: [100, 1],
      applications: [200, 0],
      counters_per_event: [2_000, 1],
    });
  });

  it.each([
    ['budgets', '/v1/budgets', () => BUDGET],
    ['rates', '/v1/rates', () => RATE],
    [
      'webhook_endpoints',
      '/v1/webhook-endpoints',
      () => ({ url: 'https://a.example', events: ['*'] }),
    ],
    ['keys', '/v1/keys', () => ({ name: 'a', scopes: ['read'] })],
    ['applications', '/v1/applications', () => ({ name: 'a', model: 'm' })],
  ])('is so many %s, also when they are made at once', async (kind, path, body) => {
    const [, used] = (await limits())[kind]!;
    await setLimits({ [kind]: Number(used) + 3 });
    const answers = await Promise.all(Array.from({ length: 7 }, () => post(path, body())));
    expect(statusesOf(answers)).toEqual([201, 201, 201, 409, 409, 409, 409]);
    const refused = answers.find(({ status }) => status === 409)!;
    expect(refused.body.error.code).toBe('limit_reached');
    expect(refused.body.error.details[0]!.field).toBe(kind);
    expect(refused.body.error.message).toContain(`raise limits.${kind}`);
    expect((await limits())[kind]).toEqual([Number(used) + 3, Number(used) + 3]);
    await setLimits({ [kind]: Number(used) + 4 });
    expect((await post(path, body())).status).toBe(201);
  });

  it('is so many mutes; muting again what is muted takes no place', async () => {
    const watch = String((await post('/v1/budgets', BUDGET)).body['id']);
    const mute = (customer: string, until = '2099-01-01') =>
      post('/v1/mutes', { watch, counter: { customer }, until });
    await setLimits({ mutes: 2 });
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((customer) => mute(customer)));
    expect(statusesOf(answers)).toEqual([201, 201, 409, 409]);
    const muted = answers.findIndex(({ status }) => status === 201);
    expect((await mute('abcd'[muted]!, '2098-01-01')).status).toBe(201);
  });

  it('is more again when one is deleted, and what is there stays when it is made less', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(String((await post('/v1/budgets', BUDGET)).body['id']));
    await setLimits({ budgets: 1 });
    expect((await post('/v1/budgets', BUDGET)).status).toBe(409);
    for (const id of ids) {
      const change = { key: mine.key, body: { limit: '2' } };
      expect((await harness.call('PATCH', `/v1/budgets/${id}`, change)).status).toBe(200);
    }
    for (const id of ids) await harness.call('DELETE', `/v1/budgets/${id}`, { key: mine.key });
    expect((await post('/v1/budgets', BUDGET)).status).toBe(201);
  });

  it('is refused the same with an Idempotency-Key, and made once there is room', async () => {
    await setLimits({ budgets: 0 });
    const once = { 'idempotency-key': 'once' };
    expect((await post('/v1/budgets', BUDGET, once)).status).toBe(409);
    await setLimits({ budgets: null });
    expect((await limits())['budgets']).toEqual([200, 0]);
    const made = await post('/v1/budgets', BUDGET, once);
    expect(made.status).toBe(201);
    expect((await post('/v1/budgets', BUDGET, once)).body).toEqual(made.body);
  });

  it('is changed by the admin key alone, one kind at a time', async () => {
    const own = { key: mine.key, body: { limits: { budgets: 1_000 } } };
    expect((await harness.call('PATCH', `/v1/projects/${mine.project}`, own)).status).toBe(403);
    await setLimits({ budgets: 1_000 });
    const { body } = await setLimits({ rates: 5 });
    expect(body['limits']).toEqual({
      budgets: 1_000,
      rates: 5,
      mutes: 1_000,
      webhook_endpoints: 50,
      keys: 100,
      applications: 200,
      counters_per_event: 2_000,
    });
    for (const wrong of [{ budgets: -1 }, { budgets: '5' }, { budgets: 1.5 }, { pets: 5 }]) {
      const { status, body: refusal } = await setLimits(wrong);
      expect([status, refusal.error.details[0]!.field]).toEqual([
        400,
        `limits.${Object.keys(wrong)[0]}`,
      ]);
    }
  });

  it('takes nothing more once it is deleted, also not what comes at the same time', async () => {
    const [deleted, ...answers] = await Promise.all([
      harness.call('DELETE', `/v1/projects/${mine.project}`, { key: ADMIN_KEY }),
      ...Array.from({ length: 5 }, () => post('/v1/budgets', BUDGET)),
    ]);
    expect(deleted.status).toBe(200);
    expect(answers.every(({ status }) => [201, 401, 404].includes(status))).toBe(true);
    const living = await harness.postgres
      .selectFrom('budgets')
      .select('id')
      .where('project', '=', mine.project)
      .where('deleted_at', 'is', null)
      .execute();
    expect(living).toEqual([]);
  });
});
