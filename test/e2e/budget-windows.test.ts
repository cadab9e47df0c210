import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRedis } from '#redis';
import { eventually, startTestPlatform, type TestPlatform } from '#testing';
import { AlertInbox } from './alert-inbox.js';
import { ApiClient } from './api-client.js';
import { BudgetCaller, byText } from './budget-caller.js';

const QUARTER_MS = 900_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const RAISED_MS = 4_000;

let test: TestPlatform;
let inbox: AlertInbox;
let caller: BudgetCaller;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
  test = await startTestPlatform('budget-windows', { apps });
  const client = ApiClient.of(test.platform);
  inbox = await AlertInbox.open(client);
  caller = new BudgetCaller(client, inbox);
});
afterAll(async () => {
  await inbox.close();
  await test.end();
});

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();
const midnight = (time: string) => `${time.slice(0, 10)}T00:00:00.000Z`;
const breached = (value: string) => ['budget.breached', '100%', value];
const recovered = (value: string) => ['budget.recovered', 'limit', value];

async function loseRedis(): Promise<void> {
  const redis = connectRedis(test.platform.surroundings.engines.redisUrl);
  await eventually(() => (redis.status === 'ready' ? true : null));
  await redis.flushall();
  redis.disconnect();
}

/** A budget of two calls for a customer of its own, with so many calls sent. */
async function makeSpent(customer: string, calls: number, fields: Record<string, unknown> = {}) {
  const budget = await caller.make({ scope: { customer }, limit: '0.015', ...fields });
  for (let call = 0; call < calls; call++)
    await caller.send({ id: `${customer}-${call}`, customer });
  return budget;
}

describe('late events', () => {
  it('count in the window of their own time, up to 35 days back', async () => {
    const window = { kind: 'calendar', unit: 'hour', time_zone: 'Asia/Kathmandu' };
    const late = daysAgo(34.9);
    const budget = await makeSpent('late', 1, { window });
    await caller.send({ id: 'late-a', customer: 'late', time: late });
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toEqual([]);
    await caller.send({ id: 'late-b', customer: 'late', time: late });
    expect(await caller.alertsOf(budget, 1)).toEqual([breached('0.015')]);
    // 5 h 45 min ahead of UTC: hours begin at a quarter past.
    const startMs = Math.floor((Date.parse(late) - QUARTER_MS) / HOUR_MS) * HOUR_MS + QUARTER_MS;
    expect(inbox.of(budget)[0]!.data).toMatchObject({
      window_start: new Date(startMs).toISOString(),
      window_end: new Date(startMs + HOUR_MS).toISOString(),
      event_time: late,
    });
  });

  it('older than the span of a rolling window do not count in it', async () => {
    const window = { kind: 'rolling', seconds: 7_200 };
    const budget = await caller.make({ scope: { customer: 'roll' }, limit: '0.015', window });
    await caller.send({ id: 'roll-1', customer: 'roll', time: daysAgo(2.1 / 24) });
    await caller.send({ id: 'roll-2', customer: 'roll', time: daysAgo(1.5 / 24) });
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toEqual([]);
    await caller.send({ id: 'roll-3', customer: 'roll' });
    expect(await caller.alertsOf(budget, 1)).toEqual([breached('0.015')]);
    expect(inbox.of(budget)[0]!.data).toMatchObject({ window_start: null, window_end: null });
  });
});

describe('a budget', () => {
  it('made in mid-window tells of what its window holds; of what earlier ones hold, once late events come', async () => {
    const customer = 'mid';
    await caller.send({ id: 'mid-1', customer, time: daysAgo(3) });
    await caller.send({ id: 'mid-2', customer });
    await test.platform.restart('aggregator');
    await caller.send({ id: 'mid-3', customer, time: daysAgo(3) });
    await caller.send({ id: 'mid-4', customer });
    const window = { kind: 'calendar', unit: 'day', time_zone: 'UTC' };
    const budget = await makeSpent(customer, 0, { window, thresholds: ['75%', '150%'] });
    const alerts = await caller.alertsOf(budget, 2);
    const reached = ['budget.threshold_reached', '75%', '0.015'];
    expect(alerts.sort(byText)).toEqual([breached('0.015'), reached]);
    // Shown once all is there that was stored before: days ago as well.
    await eventually(async () => ((await caller.stateOf(budget)) === 'breached' ? true : null));
    await caller.send({ id: 'mid-5', customer, time: daysAgo(3) });
    const late = (await caller.alertsOf(budget, 3)).at(-1);
    expect(late).toEqual(['budget.threshold_reached', '150%', '0.0225']);
    const starts = inbox.of(budget).map(({ data }) => data['window_start']);
    const [today, then] = [midnight(daysAgo(0)), midnight(daysAgo(3))];
    expect(starts).toEqual([today, today, then]);
  });

  it('tells nobody twice of windows that had ended before its limit was changed, when Redis is lost', async () => {
    const window = { kind: 'calendar', unit: 'hour', time_zone: 'UTC' };
    const budget = await makeSpent('past', 0, { window });
    for (const id of ['past-1', 'past-2'])
      await caller.send({ id, customer: 'past', time: daysAgo(3) });
    expect(await caller.alertsOf(budget, 1)).toEqual([breached('0.015')]);
    await caller.change(budget, { limit: '0.0075' });
    await caller.send({ id: 'past-3', customer: 'past' });
    expect((await caller.alertsOf(budget, 2)).at(-1)).toEqual(breached('0.0075'));
    await loseRedis();
    await eventually(async () => ((await caller.stateOf(budget)) === 'breached' ? true : null));
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toHaveLength(2);
  });

  it('raised for a time recovers within 2 s, is breached at the higher limit, and again when the raise ends', async () => {
    const budget = await makeSpent('raised', 2);
    expect(await caller.alertsOf(budget, 1)).toEqual([breached('0.015')]);
    const until = new Date(Date.now() + RAISED_MS).toISOString();
    await caller.change(budget, { raise: { limit: '0.03', until } });
    expect(await caller.alertsOf(budget, 2)).toEqual([breached('0.015'), recovered('0.015')]);
    await caller.send({ id: 'raised-2', customer: 'raised' });
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toHaveLength(2);
    await eventually(() => (Date.now() > Date.parse(until) ? true : null));
    const alerts = await caller.alertsOf(budget, 3);
    expect(alerts.slice(2)).toEqual([breached('0.0225')]);
    expect(new Set(inbox.of(budget).map(({ id }) => id)).size).toBe(3);
  });

  it('with another limit recovers, and is breached there', async () => {
    const budget = await makeSpent('changed', 2);
    await caller.alertsOf(budget, 1);
    await caller.change(budget, { limit: '0.0225' });
    expect(await caller.alertsOf(budget, 2)).toEqual([breached('0.015'), recovered('0.015')]);
    await caller.send({ id: 'changed-2', customer: 'changed' });
    expect((await caller.alertsOf(budget, 3)).at(-1)).toEqual(breached('0.0225'));
  });

  it('that is suspended counts on and says nothing; woken, it says what it has reached', async () => {
    const budget = await makeSpent('asleep', 1);
    await caller.change(budget, { suspended: true });
    await caller.untilTakenUp();
    await caller.send({ id: 'asleep-a', customer: 'asleep' });
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toEqual([]);
    await caller.change(budget, { suspended: false });
    expect(await caller.alertsOf(budget, 1)).toEqual([breached('0.015')]);
  });

  it('deleted in mid-window says nothing more', async () => {
    const budget = await makeSpent('deleted', 1);
    await caller.remove(budget);
    await caller.untilTakenUp();
    await caller.send({ id: 'deleted-a', customer: 'deleted' });
    await caller.untilTakenUp();
    expect(inbox.of(budget)).toEqual([]);
  });
});
