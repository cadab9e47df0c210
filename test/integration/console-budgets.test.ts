import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PICO_PER_USD } from '#money';
import { readWatchChanges } from '#postgres';
import { compileBudget, limitsOf } from '#watches';
import { ConsoleHarness } from './console-harness.js';

const BUDGETS = '/v1/budgets';
const MONTH = { kind: 'calendar', unit: 'month', time_zone: 'UTC' };
const BUDGET = { name: 'Acme, monthly', on: 'cost', limit: '100', window: MONTH };
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();

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
  harness.call(method, `${BUDGETS}${path}`, { key: mine.key, body });

async function newBudget(change: object = {}): Promise<string> {
  const { status, body } = await call('POST', '', { ...BUDGET, ...change });
  expect([status, body.error]).toEqual([201, undefined]);
  return String(body['id']);
}

/** As the aggregator sees it. */
async function stored(id: string) {
  const { budgets } = await readWatchChanges(harness.postgres, 0n);
  return budgets.find((budget) => budget.id === id)!;
}

describe('a budget', () => {
  it('is created with defaults, read, listed, changed and deleted', async () => {
    const { status, body } = await call('POST', '', BUDGET);
    expect([status, body]).toEqual([
      201,
      {
        id: expect.stringMatching(/^bud_\w{16}$/),
        ...BUDGET,
        scope: {},
        per: [],
        thresholds: [],
        hard: false,
        projected: false,
        suspended: false,
        raise: null,
        renotify_seconds: null,
        created_at: expect.stringMatching(/Z$/),
      },
    ]);
    const id = String(body['id']);
    expect((await call('GET', `/${id}`)).body).toMatchObject(body);
    const change = { name: 'Acme', thresholds: ['50%', '80'], hard: true, renotify_seconds: 600 };
    const changed = { ...body, ...change };
    expect((await call('PATCH', `/${id}`, change)).body).toEqual(changed);
    expect((await call('PATCH', `/${id}`, {})).body).toEqual(changed);
    expect((await call('GET', '')).body).toEqual({ data: [changed], next_cursor: null });
    expect((await call('DELETE', `/${id}`)).body).toEqual(changed);
    for (const method of ['GET', 'DELETE'] as const)
      expect((await call(method, `/${id}`)).status).toBe(404);
    expect((await call('PATCH', `/${id}`, change)).status).toBe(404);
    expect((await call('GET', '')).body.data).toEqual([]);
  });

  it('reaches the aggregator as it was asked for', async () => {
    const asked = {
      on: 'tokens',
      scope: { model: 'gpt-4o', 'property.team': 'a"b' },
      per: ['customer', 'tag'],
      limit: '5000000',
      window: { kind: 'calendar', unit: 'week', time_zone: 'Asia/Kolkata', start_day: 7 },
      thresholds: ['33.3%', '4999999'],
      raise: { limit: '6000000', until: IN_AN_HOUR },
    };
    expect(await stored(await newBudget(asked))).toMatchObject({
      ...asked,
      project: mine.project,
      arming: 3,
      deleted_at: null,
    });
  });

  it('keeps equal amounts as equal texts', async () => {
    const given = { limit: '0100.50', thresholds: ['80.0%', '080%', '1.10', '80%'] };
    const { body } = await call('POST', '', { ...BUDGET, ...given });
    expect(body).toMatchObject({ limit: '100.5', thresholds: ['80%', '1.1'] });
  });

  it('may be as large as a counter can hold, each threshold included', async () => {
    const largest = await stored(
      await newBudget({ limit: '99999999999999.999999999999', thresholds: ['1000%'] }),
    );
    const { thresholds } = limitsOf(compileBudget(largest), Date.now());
    const amounts = thresholds.map(({ amount }) => amount);
    expect(amounts).toEqual([10n ** 26n - 1n, 10n ** 27n - 10n]);
    // What the counting script can add: whole dollars in half of what a double holds exactly.
    expect(amounts[1]! / PICO_PER_USD).toBeLessThan(BigInt(Number.MAX_SAFE_INTEGER) / 2n);
  });

  it.each<[object, string]>([
    [{ name: undefined }, 'name'],
    [{ name: '' }, 'name'],
    [{ on: 'charge' }, 'on'],
    [{ on: undefined }, 'on'],
    [{ scope: { custmer: 'acme' } }, 'scope'],
    [{ scope: { customer: 5 } }, 'scope'],
    [{ scope: [] }, 'scope'],
    [{ scope: null }, 'scope'],
    [{ scope: { 'property.__proto__': 'x' } }, 'scope'],
    [{ per: ['customer', 'customer'] }, 'per'],
    [{ per: ['property.'] }, 'per'],
    [{ per: ['customer', 'user', 'model', 'type', 'tag'] }, 'per'],
    [{ per: 'customer' }, 'per'],
    [{ limit: 100 }, 'limit'],
    [{ limit: '0' }, 'limit'],
    [{ limit: '0.00' }, 'limit'],
    [{ limit: '-5' }, 'limit'],
    [{ limit: '100000000000000' }, 'limit'],
    [{ thresholds: ['100000000000000'] }, 'thresholds'],
    [{ limit: '1e3' }, 'limit'],
    [{ limit: '0.0000000000001' }, 'limit'],
    [{ on: 'tokens', limit: '1.5' }, 'limit'],
    [{ window: undefined }, 'window'],
    [{ window: 'month' }, 'window'],
    [{ window: [] }, 'window'],
    [{ window: { kind: 'monthly', unit: 'month' } }, 'window.kind'],
    [{ window: { kind: 'calendar' } }, 'window.unit'],
    [{ window: { kind: 'calendar', unit: 'fortnight' } }, 'window.unit'],
    [{ window: { ...MONTH, time_zone: 'Europe/Atlantis' } }, 'window.time_zone'],
    [{ window: { ...MONTH, start_day: 29 } }, 'window.start_day'],
    [{ window: { ...MONTH, unit: 'week', start_day: 8 } }, 'window.start_day'],
    [{ window: { ...MONTH, unit: 'day', start_day: 1 } }, 'window.start_day'],
    [{ window: { ...MONTH, seconds: 60 } }, 'window.seconds'],
    [{ window: { kind: 'rolling' } }, 'window.seconds'],
    [{ window: { kind: 'rolling', seconds: 59 } }, 'window.seconds'],
    [{ window: { kind: 'rolling', seconds: 2_678_401 } }, 'window.seconds'],
    [{ window: { kind: 'rolling', seconds: 60, unit: 'day' } }, 'window.unit'],
    [{ window: { kind: 'lifetime', time_zone: 'UTC' } }, 'window.time_zone'],
    [{ thresholds: ['80 %'] }, 'thresholds'],
    [{ thresholds: ['0%'] }, 'thresholds'],
    [{ thresholds: ['1001%'] }, 'thresholds'],
    [{ thresholds: [80] }, 'thresholds'],
    [{ thresholds: '80%' }, 'thresholds'],
    [{ thresholds: ['80%', '80%'] }, 'thresholds'],
    [{ thresholds: Array.from({ length: 21 }, (_, n) => `${n + 1}%`) }, 'thresholds'],
    [{ on: 'events', thresholds: ['0.5'] }, 'thresholds'],
    [{ hard: 'yes' }, 'hard'],
    [{ projected: 1 }, 'projected'],
    [{ projected: true, window: { kind: 'lifetime' } }, 'projected'],
    [{ suspended: null }, 'suspended'],
    [{ raise: '200' }, 'raise'],
    [{ raise: { limit: '200' } }, 'raise.until'],
    [{ raise: { limit: '200', until: 'tomorrow' } }, 'raise.until'],
    [{ raise: { limit: '200', until: '2026-01-01' } }, 'raise.until'],
    [{ raise: { limit: '100', until: IN_AN_HOUR } }, 'raise.limit'],
    [{ on: 'events', raise: { limit: '100.5', until: IN_AN_HOUR } }, 'raise.limit'],
    [{ renotify_seconds: 59 }, 'renotify_seconds'],
    [{ renotify_seconds: 90.5 }, 'renotify_seconds'],
    [{ id: 'bud_mine' }, 'id'],
    [{ project: 'other' }, 'project'],
  ])('is refused with %j, which names the field', async (change, field) => {
    const { status, body } = await call('POST', '', { ...BUDGET, ...change });
    expect([status, body.error?.details?.[0]?.field]).toEqual([400, field]);
  });

  it.each(['Pacific/Kiritimati', 'Asia/Kathmandu', 'America/St_Johns', 'Pacific/Pago_Pago', 'UTC'])(
    'is counted in the zone %s',
    async (time_zone) => {
      const window = { kind: 'calendar', unit: 'day', time_zone };
      expect((await stored(await newBudget({ window }))).window).toEqual(window);
    },
  );

  it('says that what it counts is fixed', async () => {
    const id = await newBudget();
    for (const field of ['on', 'scope', 'per', 'window'] as const) {
      const body = { on: 'cost', scope: {}, per: [], window: MONTH };
      const refused = await call('PATCH', `/${id}`, { [field]: body[field] });
      expect([refused.status, refused.body.error.details]).toEqual([
        400,
        [{ field, message: expect.stringContaining('cannot change') }],
      ]);
    }
  });

  it('is the same for the same Idempotency-Key', async () => {
    const request = { key: mine.key, body: BUDGET, headers: { 'idempotency-key': 'once' } };
    const first = await harness.call('POST', BUDGETS, request);
    const second = await harness.call('POST', BUDGETS, request);
    expect([second.status, second.body]).toEqual([201, first.body]);
    expect((await call('GET', '')).body.data).toHaveLength(1);
  });

  it('belongs to its project, and to keys with the right scope', async () => {
    const id = await newBudget();
    const other = await harness.newProject();
    for (const [method, body] of [['GET'], ['PATCH', { name: 'taken' }], ['DELETE']] as const)
      expect(
        (await harness.call(method, `${BUDGETS}/${id}`, { key: other.key, body })).status,
      ).toBe(404);
    expect((await harness.call('GET', BUDGETS, { key: other.key })).body.data).toEqual([]);
    const reader = await harness.newKey(mine.project, ['read']);
    expect((await harness.call('GET', BUDGETS, { key: reader })).body.data).toHaveLength(1);
    expect((await harness.call('DELETE', `${BUDGETS}/${id}`, { key: reader })).status).toBe(403);
  });

  it('is listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await newBudget({ name: `b${n}` }));
    const first = await call('GET', '?limit=2');
    const rest = await call('GET', `?limit=2&cursor=${String(first.body['next_cursor'])}`);
    const listed = [...first.body.data, ...rest.body.data].map((budget) => budget['id']);
    expect(listed).toEqual(ids.toReversed());
    expect(rest.body['next_cursor']).toBeNull();
  });
});

describe('a change', () => {
  it('takes the next number, and so does a deletion', async () => {
    const [id, other] = [await newBudget(), await newBudget()];
    const numbers: bigint[] = [(await stored(id)).change, (await stored(other)).change];
    await call('PATCH', `/${id}`, { name: 'again' });
    numbers.push((await stored(id)).change);
    await call('DELETE', `/${other}`);
    const deleted = await stored(other);
    numbers.push(deleted.change);
    expect(numbers).toEqual(numbers.toSorted((a, b) => Number(a - b)));
    expect(new Set(numbers).size).toBe(4);
    expect(deleted.deleted_at).not.toBeNull();
  });

  it('is held against what stands already', async () => {
    const id = await newBudget({ on: 'requests', raise: { limit: '150', until: IN_AN_HOUR } });
    for (const [change, field] of [
      [{ limit: '10.5' }, 'limit'],
      [{ thresholds: ['0.5'] }, 'thresholds'],
      [{ limit: '150' }, 'limit'],
      [{ raise: { limit: '99', until: IN_AN_HOUR } }, 'raise.limit'],
    ] as const) {
      const { status, body } = await call('PATCH', `/${id}`, change);
      expect([status, body.error.details[0]?.field]).toEqual([400, field]);
    }
    expect(await stored(id)).toMatchObject({ limit: '100', arming: 3 });
  });
});
