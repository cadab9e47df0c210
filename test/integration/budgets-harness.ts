import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { canonicalJson, type CounterKey } from '#contracts';
import { PICO_PER_USD } from '#money';
import { Clock } from '#platform';
import { readWatchChanges } from '#postgres';
import { AlertOutbox } from '#postgres/writes';
import { compileBudget } from '#watches';
import { type Answer, ConsoleHarness } from './console-harness.js';
import { type CountedUsage, CountersInRedis } from './counters-in-redis.js';

export const BUDGET = {
  name: 'Monthly',
  on: 'cost',
  limit: '100',
  window: { kind: 'calendar', unit: 'month', time_zone: 'UTC' },
};
/** A third of November 2026 has passed. */
export const NOW = Date.UTC(2026, 10, 11);
export const NOVEMBER = {
  window_start: '2026-11-01T00:00:00.000Z',
  window_end: '2026-12-01T00:00:00.000Z',
};

export const dollars = (cents: number): bigint => (BigInt(cents) * PICO_PER_USD) / 100n;

/** So many cents, just now. */
export function spend(cents: number, key: CounterKey = {}): CountedUsage {
  return { amount: dollars(cents), atMs: NOW - 1_000, key };
}

/** The console with a clock of its own, and counters as an aggregator leaves them. Budgets are those of one project. */
export class BudgetsHarness {
  private mine = { project: '', key: '' };

  private constructor(
    readonly console: ConsoleHarness,
    private readonly counters: CountersInRedis,
  ) {}

  static async open(): Promise<BudgetsHarness> {
    return new BudgetsHarness(await ConsoleHarness.open(), await CountersInRedis.open());
  }

  async close(): Promise<void> {
    this.counters.close();
    await this.console.close();
  }

  /** Begins anew with another project. */
  async begin(): Promise<void> {
    this.mine = await this.console.newProject();
    setClock(this.console, NOW);
  }

  get project(): string {
    return this.mine.project;
  }

  at(nowMs: number): void {
    setClock(this.console, nowMs);
  }

  call(method: 'GET' | 'POST' | 'PATCH', path: string, body?: unknown): Promise<Answer> {
    return this.console.call(method, `/v1/budgets${path}`, { key: this.mine.key, body });
  }

  async standing(id: string): Promise<Answer['body']> {
    return (await this.call('GET', `/${id}`)).body;
  }

  async newBudget(change: object = {}): Promise<string> {
    const { status, text, body } = await this.call('POST', '', { ...BUDGET, ...change });
    if (status !== 201) throw new Error(text);
    return String(body['id']);
  }

  /** Adds usage; so many of all partitions have brought theirs. */
  async count(id: string, usages: CountedUsage[], partitions?: number): Promise<void> {
    const { budgets } = await readWatchChanges(this.console.postgres, 0n);
    const budget = budgets.find((one) => one.id === id)!;
    await this.counters.count(compileBudget(budget), usages, partitions);
  }

  /** Records that a counter was breached in November. */
  async breach(watch: string, counter: CounterKey): Promise<void> {
    const crossed = { counter: canonicalJson(counter), threshold: '100%', arming: 3 };
    const alert = {
      id: randomUUID(),
      project: this.project,
      type: 'budget.breached',
      raised_at: new Date(NOW).toISOString(),
      raised_by: { watch, ...NOVEMBER, ...crossed },
      data: {},
    };
    const now = new Date(NOW);
    await new AlertOutbox(this.console.postgres).record([alert], { now, leaseMs: 0 });
  }
}

export function setClock({ app }: ConsoleHarness, nowMs: number): void {
  jest.spyOn(app.get(Clock), 'now').mockReturnValue(nowMs);
}
