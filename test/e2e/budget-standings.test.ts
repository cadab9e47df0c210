import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectRedis } from '#redis';
import { eventually, startTestPlatform, type TestPlatform } from '#testing';
import { type ApiClient } from './api-client.js';
import { createTenant } from './two-projects.js';

/** Longer than a change takes to have its effect, and than counters take to be rebuilt. */
const WATCHED_MS = 3_000;
const MONTH = { kind: 'calendar', unit: 'month', time_zone: 'UTC' };

interface Standing {
  state: string;
  spent: string | null;
  remaining: string | null;
  as_of: string | null;
}

let test: TestPlatform;
let client: ApiClient;

beforeAll(async () => {
  const apps = ['ingest-api', 'pricing-worker', 'aggregator', 'console'] as const;
  test = await startTestPlatform('budget-standings', { apps });
  ({ client } = await createTenant(test.platform, 'standings'));
});
afterAll(() => test.end());

/** A call of $0.0075, 1,500 tokens. Answers when it was acknowledged. */
async function send(id: string, customer: string): Promise<number> {
  const usage = { input_tokens: 1_000, output_tokens: 500 };
  const event = { id, customer, provider: 'openai', model: 'gpt-4o', usage };
  expect((await client.send(event)).body).toMatchObject({ accepted: 1 });
  return Date.now();
}

async function make(list: string, fields: object): Promise<string> {
  const body = { name: 'watched', on: 'cost', ...fields };
  return (await client.ask<{ id: string }>('POST', `/v1/${list}`, { body })).body.id;
}

const standing = async (budget: string) =>
  (await client.get<Standing>(`/v1/budgets/${budget}`)).body;

/** What is shown of a budget, each time that it is asked for until the time is over. */
async function everySpent(budget: string, duringMs: number): Promise<Set<string | null>> {
  const spent = new Set<string | null>();
  for (const endMs = Date.now() + duringMs; Date.now() < endMs; await delay(20))
    spent.add((await standing(budget)).spent);
  return spent;
}

describe('where a budget stands', () => {
  it('is the truth from its creation on, while its counters come and when Redis is lost', async () => {
    for (const [id, customer] of [
      ['e1', 'acme'],
      ['e2', 'acme'],
      ['e3', 'blue'],
    ] as const)
      await send(id, customer);
    await client.waitUntilCounted();
    const budget = await make('budgets', { limit: '0.03', window: MONTH, thresholds: ['50%'] });
    expect(await everySpent(budget, WATCHED_MS)).toEqual(new Set(['0.0225']));
    expect(await standing(budget)).toMatchObject({ state: 'warning', remaining: '0.0075' });
    const sentMs = await send('e4', 'acme');
    const breached = await eventually(async () => {
      const shown = await standing(budget);
      // What says that it holds the event holds it.
      if (Date.parse(shown.as_of ?? '') > sentMs) expect(shown.spent).toBe('0.03');
      return shown.state === 'breached' ? shown : null;
    });
    expect(breached).toMatchObject({ spent: '0.03', remaining: '0' });
    await client.waitUntilCounted();
    const redis = connectRedis(test.platform.surroundings.engines.redisUrl);
    await eventually(() => (redis.status === 'ready' ? true : null));
    const [seen] = await Promise.all([everySpent(budget, WATCHED_MS), redis.flushall()]);
    redis.disconnect();
    expect(seen).toEqual(new Set(['0.03']));
  });

  it('is said of each counter, of a rolling budget and of a rate', async () => {
    const each = await make('budgets', { limit: '0.01', window: MONTH, per: ['customer'] });
    const rolling = await make('budgets', {
      on: 'tokens',
      limit: '1000000',
      window: { kind: 'rolling', seconds: 86_400 },
    });
    const rate = await make('rates', { on: 'requests', over_seconds: 3_600, limit: '1000' });
    const counters = async () => {
      const { body } = await client.get<{ data: (Standing & { key: object })[] }>(
        `/v1/budgets/${each}/counters`,
      );
      return body.data.map(({ key, state, spent }) => [key, state, spent]);
    };
    const [acme, blue] = [{ customer: 'acme' }, { customer: 'blue' }];
    const wanted = [
      [acme, 'breached', '0.0225'],
      [blue, 'ok', '0.0075'],
    ];
    expect(await counters()).toEqual(wanted);
    await send('e5', 'blue');
    const later = [wanted[0], [blue, 'breached', '0.015']];
    await eventually(async () =>
      JSON.stringify(await counters()) === JSON.stringify(later) ? true : null,
    );
    await eventually(async () => ((await standing(rolling)).spent === '7500' ? true : null));
    const shown = await eventually(async () => {
      const { body } = await client.get<{ state: string; value: string | null }>(
        `/v1/rates/${rate}`,
      );
      return body.value === '5' ? body : null;
    });
    expect(shown).toMatchObject({ state: 'ok', value: '5', events: 5 });
  });
});
