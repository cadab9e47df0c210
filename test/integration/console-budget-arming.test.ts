import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Clock } from '#platform';
import { readWatchChanges } from '#postgres';
import { compileBudget, limitsOf } from '#watches';
import { ConsoleHarness } from './console-harness.js';

const BUDGETS = '/v1/budgets';
const IN_AN_HOUR = new Date(Date.now() + 3_600_000).toISOString();
const IN_TWO_HOURS = new Date(Date.now() + 7_200_000).toISOString();

let harness: ConsoleHarness;
let key: string;

beforeAll(async () => {
  harness = await ConsoleHarness.open();
  ({ key } = await harness.newProject());
});
afterAll(() => harness.close());

const call = (method: 'POST' | 'PATCH', path: string, body: object) =>
  harness.call(method, `${BUDGETS}${path}`, { key, body });

async function newBudget(change: object = {}): Promise<string> {
  const window = { kind: 'calendar', unit: 'month', time_zone: 'UTC' };
  const budget = { name: 'Acme, monthly', on: 'cost', limit: '100', window, ...change };
  const { status, body } = await call('POST', '', budget);
  expect([status, body.error]).toEqual([201, undefined]);
  return String(body['id']);
}

/** As the aggregator sees it. */
async function stored(id: string) {
  const { budgets } = await readWatchChanges(harness.postgres, 0n);
  return budgets.find((budget) => budget.id === id)!;
}

describe('a change', () => {
  it('of the limit, or of that of a raise, arms anew; the same values again do not, nor does anything else', async () => {
    const id = await newBudget();
    const raise = { limit: '300', until: IN_AN_HOUR };
    const longer = { limit: '300', until: IN_TWO_HOURS };
    const armings: number[] = [];
    for (const change of [
      { limit: '200' },
      { limit: '200.0' },
      { thresholds: ['80%'] },
      { thresholds: ['80.0%'] },
      { raise },
      { raise },
      { raise: longer },
      { raise: { ...longer, limit: '310' } },
      { raise: null },
      { name: 'n', hard: true, projected: true, suspended: true, renotify_seconds: 60 },
      { suspended: false },
    ]) {
      expect((await call('PATCH', `/${id}`, change)).status).toBe(200);
      armings.push((await stored(id)).arming);
    }
    expect(armings).toEqual([6, 6, 6, 6, 9, 9, 9, 12, 15, 15, 15]);
  });

  it('of limit, thresholds or suspension is told to the aggregator with its time; a name or a longer raise is not', async () => {
    const id = await newBudget({ raise: { limit: '300', until: IN_AN_HOUR } });
    const clock = jest.spyOn(harness.app.get(Clock), 'now');
    const nowMs = Date.now();
    const times: number[] = [];
    const changes = [
      { limit: '200' },
      { name: 'n' },
      { thresholds: ['80%'] },
      { raise: { limit: '300', until: IN_TWO_HOURS } },
      { suspended: true },
    ];
    for (const [second, change] of changes.entries()) {
      clock.mockReturnValue(nowMs + second * 1_000);
      expect((await call('PATCH', `/${id}`, change)).status).toBe(200);
      times.push((Date.parse((await stored(id)).armed_at) - nowMs) / 1_000);
    }
    clock.mockRestore();
    expect(times).toEqual([0, 0, 2, 2, 4]);
  });

  it('that takes away a raise which is over leaves all as it was behind the raise', async () => {
    const id = await newBudget({ raise: { limit: '300', until: IN_AN_HOUR } });
    const over = Date.parse(IN_AN_HOUR);
    const before = limitsOf(compileBudget(await stored(id)), over);
    const clock = jest.spyOn(harness.app.get(Clock), 'now').mockReturnValue(over + 5_000);
    const { status, body } = await call('PATCH', `/${id}`, { raise: null });
    clock.mockRestore();
    expect([status, body['raise']]).toEqual([200, null]);
    expect(limitsOf(compileBudget(await stored(id)), over + 5_000)).toEqual(before);
    expect(before).toMatchObject({ arming: 5, limitText: '100', sinceMs: over });
  });
});
