import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ADMIN_KEY, ConsoleHarness } from './console-harness.js';

let harness: ConsoleHarness;
let mine: { project: string; key: string };

beforeAll(async () => {
  harness = await ConsoleHarness.open();
});
afterAll(() => harness.close());
beforeEach(async () => {
  mine = await harness.newProject();
});

const call = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: object) =>
  harness.call(method, path, { key: mine.key, body });
const newBudget = (per: string[] = []) =>
  call('POST', '/v1/budgets', {
    name: 'a',
    on: 'cost',
    limit: '1',
    window: { kind: 'lifetime' },
    per,
  });
const newRate = (per: string[] = []) =>
  call('POST', '/v1/rates', { name: 'a', on: 'cost', limit: '1', over_seconds: 60, per });
const setMost = (most: number | null) =>
  harness.call('PATCH', `/v1/projects/${mine.project}`, {
    key: ADMIN_KEY,
    body: { limits: { counters_per_event: most } },
  });

/** What one event may add to, and what it may add to at most. */
async function counters(): Promise<[used: unknown, most: unknown]> {
  const { body } = await harness.call('GET', '/v1/limits', { key: mine.key });
  const { used, most } = body.data.find(({ kind }) => kind === 'counters_per_event')!;
  return [used, most];
}

describe('the counters that one event may add to', () => {
  it('are one of a budget or rate, and fifty where it counts per tag', async () => {
    await newBudget();
    await newBudget(['customer', 'model']);
    await newRate(['property.plan']);
    expect(await counters()).toEqual([3, 2_000]);
    await newBudget(['tag']);
    const rate = await newRate(['customer', 'tag']);
    expect(await counters()).toEqual([103, 2_000]);
    await call('DELETE', `/v1/rates/${String(rate.body['id'])}`);
    expect(await counters()).toEqual([53, 2_000]);
  });

  it('are 2,000: forty budgets and rates per tag, and not one counter more', async () => {
    for (let n = 0; n < 20; n += 1) {
      expect((await newBudget(['tag'])).status).toBe(201);
      expect((await newRate(['tag'])).status).toBe(201);
    }
    for (const { status, body } of [await newBudget(), await newRate()]) {
      expect([status, body.error.code]).toEqual([409, 'limit_reached']);
      expect(body.error.details[0]!.field).toBe('counters_per_event');
      expect(body.error.message).toBe(
        "with it one event may add to 2001 counters of the project's budgets and rates, and a project may have 2000: " +
          'delete some, each with "tag" in `per` takes 50, or ask who runs this installation to raise limits.counters_per_event of the project',
      );
    }
    expect(await counters()).toEqual([2_000, 2_000]);
    await setMost(2_050);
    expect((await newBudget(['tag', 'customer'])).status).toBe(201);
    expect(await counters()).toEqual([2_050, 2_050]);
  });

  it('hold when budgets and rates are made at once', async () => {
    await setMost(173);
    const madeOf = async (asked: number, per: string[]) => {
      const answers = await Promise.all(
        Array.from({ length: asked }, (_, n) => (n % 2 === 0 ? newBudget(per) : newRate(per))),
      );
      return answers.filter(({ status }) => status === 201).length;
    };
    expect(await madeOf(8, ['tag'])).toBe(3);
    expect(await madeOf(30, [])).toBe(23);
    expect(await counters()).toEqual([173, 173]);
  });

  it('stay where there are more from before, and can be changed and deleted, and become no more', async () => {
    await setMost(100_000);
    const ids: string[] = [];
    for (let n = 0; n < 41; n += 1) ids.push(String((await newBudget(['tag'])).body['id']));
    await setMost(null);
    expect(await counters()).toEqual([2_050, 2_000]);
    expect((await newRate()).status).toBe(409);
    expect((await call('PATCH', `/v1/budgets/${ids[0]}`, { limit: '2' })).status).toBe(200);
    for (const id of ids.slice(0, 2))
      expect((await call('DELETE', `/v1/budgets/${id}`)).status).toBe(200);
    expect((await newRate(['tag'])).status).toBe(201);
    expect(await counters()).toEqual([2_000, 2_000]);
  });

  it('of one project are nothing to another', async () => {
    await setMost(0);
    expect((await newBudget()).status).toBe(409);
    mine = await harness.newProject();
    expect((await newBudget()).status).toBe(201);
    expect(await counters()).toEqual([1, 2_000]);
  });
});
