import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { TAGS_MAX, type UsageEvent } from '#contracts';
import { connectPostgres, type Postgres, Projects } from '#postgres';
import { ProjectWrites } from '#postgres/writes';
import { connectRedis, type Redis } from '#redis';
import { eventually, type LoadedPlatform, startLoadedPlatform } from '#testing';
import { AlertInbox } from '../e2e/alert-inbox.js';
import { ApiClient } from '../e2e/api-client.js';
import {
  type BudgetWish,
  type Counters,
  countEvents,
  expectAlerts,
  type WatchedEvent,
  watchedEvent,
} from './budget-oracle.js';
import { generateBudgets } from './generate-budgets.js';
import { compareAlerts, CROSSINGS, readRaisedAlerts, type WatchedBudget } from './raised-alerts.js';
import { readStoredCounters } from './stored-counters.js';

const APPS = ['ingest-api', 'pricing-worker', 'aggregator', 'notifier', 'console'] as const;
const DAY_MS = 86_400_000;
const EVENTS_AGE_MS_MAX = 25 * DAY_MS;
const SETTLED_MS_MAX = 200_000;
const COMPARE_EVERY_MS = 500;
const SHOWN_MAX = 20;

/** A platform with budgets, the events that they are going to see, and what must come of it. */
export class WatchedPlatform {
  private constructor(
    readonly test: LoadedPlatform,
    readonly inbox: AlertInbox,
    private readonly events: readonly UsageEvent[],
    private readonly sparks: readonly UsageEvent[],
    private readonly budgets: readonly (WatchedBudget & { counters: Counters })[],
    private readonly postgres: Postgres,
    readonly redis: Redis,
  ) {}

  static async start(
    name: string,
    wish: { budgets: number; events: number; sparks: number; nodes?: number },
  ): Promise<WatchedPlatform> {
    const test = await startLoadedPlatform(name, { apps: APPS, nodes: wish.nodes });
    const { databaseUrl, redisUrl } = test.platform.surroundings.engines;
    const client = ApiClient.of(test.platform);
    const postgres = connectPostgres(databaseUrl, 2);
    for (const { id } of await new Projects(postgres).list({ limit: 10 }))
      await new ProjectWrites(postgres).update(id, {
        limits: { budgets: wish.budgets, counters_per_event: TAGS_MAX * wish.budgets },
      });
    const inbox = await AlertInbox.open(client);
    const keys = await client.get<{ data: { id: string }[] }>('/v1/keys');
    const events = generateEvents(test, wish.events);
    const sparks = Array.from({ length: wish.sparks }, (_, n) => makeSpark(n));
    const seen = [...events, ...sparks].map((one) => watchedEvent(one, keys.body.data[0]!.id));
    const sparked = sparks.map(({ customer }) => watchSpark(customer!, seen));
    const generated = generateBudgets(test.random, seen, wish.budgets - sparks.length);
    const budgets: (WatchedBudget & { counters: Counters })[] = [];
    for (const { budget, counters } of concat(sparked, generated)) {
      const answer = await client.ask<{ id: string }>('POST', '/v1/budgets', { body: budget });
      expect([answer.status, answer.text]).toEqual([201, expect.any(String)]);
      const { id } = answer.body;
      budgets.push({ id, budget, counters, alerts: expectAlerts(budget, counters) });
    }
    const redis = connectRedis(redisUrl);
    redis.on('error', () => undefined);
    // Without a connection a command fails at once.
    await once(redis, 'ready');
    return new WatchedPlatform(test, inbox, events, sparks, budgets, postgres, redis);
  }

  async end(): Promise<void> {
    this.redis.disconnect();
    await this.postgres.destroy();
    await this.inbox.close();
    await this.test.end();
  }

  /** A part of the events, each batch once or twice. */
  send(part: number, parts: number): Promise<void> {
    const share = Math.ceil(this.events.length / parts);
    const events = this.events.slice(part * share, (part + 1) * share);
    return this.test.load.sender.send(events, { batchMax: 1_000, copiesMax: 2, concurrency: 2 });
  }

  /** An event that is sure to raise an alert. */
  spark(n: number): Promise<void> {
    return this.test.load.sender.post([this.sparks[n]!]);
  }

  /** In what the alerts differ from those that must be, once all is stored: nothing, in due time. */
  async alertDifferences(): Promise<string[]> {
    await this.test.load.progress.waitUntilStored(SETTLED_MS_MAX);
    return untilNone(async () =>
      compareAlerts(this.budgets, await readRaisedAlerts(this.postgres)),
    );
  }

  /** In what the counters in Redis differ from those that must be: nothing, in due time. */
  counterDifferences(): Promise<string[]> {
    return untilNone(() => this.compareCounters());
  }

  private async compareCounters(): Promise<string[]> {
    const { platform } = this.test;
    const merged = this.budgets.filter(({ budget }) => budget.window.kind !== 'calendar');
    const stored = await readStoredCounters(
      platform.surroundings.engines.redisUrl,
      platform.demoAccess.project,
      new Set(merged.map(({ id }) => id)),
    );
    return this.budgets.flatMap(({ id, counters }) => {
      const found = stored.get(id) ?? new Map<string, bigint>();
      const names = new Set([...counters.keys(), ...found.keys()]);
      return [...names]
        .filter((name) => found.get(name) !== counters.get(name)?.sum)
        .map((name) => `${id} ${name} is ${found.get(name)}, not ${counters.get(name)?.sum}`);
    });
  }

  /** Waits until each alert that must be was received, and says how often: by its id, which is one for each. */
  async receivedAlerts(): Promise<{ ids: number; alerts: number; expected: number }> {
    const expected = this.budgets.reduce((sum, { alerts }) => sum + alerts.length, 0);
    const of = (events: ReturnType<typeof this.budgetEvents>) => ({
      ids: new Set(events.map(({ id }) => id)).size,
      alerts: new Set(events.map(({ name }) => name)).size,
      expected,
    });
    await eventually(
      () => (of(this.budgetEvents()).ids >= expected ? true : null),
      SETTLED_MS_MAX,
    ).catch(() => undefined);
    return of(this.budgetEvents());
  }

  private budgetEvents() {
    return this.inbox.events
      .filter(({ type }) => CROSSINGS.includes(type))
      .map(({ id, type, data }) => {
        const { budget, counter, window_start, threshold } = data;
        return { id, name: JSON.stringify([type, budget, counter, window_start, threshold]) };
      });
  }
}

/** One after another: the next is worked out while nothing waits for an answer. */
function* concat<T>(...parts: Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

function makeSpark(n: number): UsageEvent {
  const time = new Date().toISOString();
  const usage = { input_tokens: 10, output_tokens: 10 };
  const customer = `spark-${n}`;
  return { id: customer, customer, time, provider: 'openai', model: 'gpt-4o', usage };
}

function watchSpark(customer: string, seen: readonly WatchedEvent[]) {
  const budget: BudgetWish = {
    name: customer,
    on: 'events',
    scope: { customer },
    per: [],
    limit: '1',
    window: { kind: 'lifetime' },
    thresholds: [],
  };
  return { budget, counters: countEvents(budget, seen) };
}

/** The first of the differences that are left when there should be none. */
async function untilNone(compare: () => Promise<string[]>): Promise<string[]> {
  let differences: string[] = [];
  await eventually(async () => {
    differences = await compare();
    if (differences.length > 0) await delay(COMPARE_EVERY_MS);
    return differences.length === 0 ? true : null;
  }, SETTLED_MS_MAX).catch(() => undefined);
  return differences.slice(0, SHOWN_MAX);
}

/** Each with a time of its own, so that what must come of it follows from what was sent alone. */
function generateEvents({ load, random }: LoadedPlatform, count: number): UsageEvent[] {
  const nowMs = Date.now();
  return load.generate(count).map((event) => ({
    ...event,
    time: new Date(nowMs - random.between(1, EVENTS_AGE_MS_MAX)).toISOString(),
    ...(random.happens(0.3) ? { application: `app-${random.between(1, 5)}` } : {}),
  }));
}
