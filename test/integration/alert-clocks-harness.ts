import { randomUUID } from 'node:crypto';
import { type AlertRaised, alertIdOf, TOPICS } from '#contracts';
import { Clock, createLogger } from '#platform';
import { connectPostgres, JobLock, OpenBreaches, type Postgres, readWatchChanges } from '#postgres';
import { AlertOutbox, BudgetWrites, ProjectWrites } from '#postgres/writes';
import { connectRedis, readCounterSums, type Redis } from '#redis';
import { CounterWrites } from '#redis/writes';
import { makeTestDatabase, testEngines } from '#testing';
import { WatchBook } from '#watch-book';
import { type Budget, compileBudget } from '#watches';
import { AggregatorMetrics } from '../../apps/aggregator/src/aggregator.metrics.js';
import type { AlertingPorts } from '../../apps/aggregator/src/alerting/alerting.ports.js';
import { BreachWatch } from '../../apps/aggregator/src/alerting/breach-watch.js';
import { OverrunWatch } from '../../apps/aggregator/src/alerting/overrun-watch.js';
import { RaisedOnce } from '../../apps/aggregator/src/alerting/raised-once.js';
import { SetAsideTelling } from '../../apps/aggregator/src/alerting/set-aside-telling.js';
import { WatchByWatch } from '../../apps/aggregator/src/alerting/watch-by-watch.js';

export const PARTITIONS: number = TOPICS.usageRecorded.partitions;
export const NOON = Date.parse('2026-11-11T12:00:00.000Z');
export const MINUTE_MS = 60_000;
const PICO_OF_A_DOLLAR = 10n ** 12n;
const metrics = new AggregatorMetrics();

class SetClock extends Clock {
  atMs = NOON;

  override now(): number {
    return this.atMs;
  }
}

export interface Happening {
  type?: string;
  customer?: string;
  raisedMs?: number;
  startMs?: number | null;
  arming?: number;
  threshold?: string;
}

/** What the counting raises: by default a breach at 12:10 in the window from 12 to 13 h. */
export function happening({ id, project }: Budget, change: Happening = {}): AlertRaised {
  const { type = 'budget.breached', customer = 'acme', arming = 3, threshold = '100%' } = change;
  const startMs = change.startMs === undefined ? NOON : change.startMs;
  const times =
    startMs === null
      ? { window_start: null, window_end: null }
      : {
          window_start: new Date(startMs).toISOString(),
          window_end: new Date(startMs + 60 * MINUTE_MS).toISOString(),
        };
  const counter = JSON.stringify({ customer });
  const identity = { type, project, watch: id, counterKey: counter, threshold, arming };
  return {
    v: 1,
    id: alertIdOf({ ...identity, windowStart: times.window_start ?? '' }),
    project,
    type,
    raised_at: new Date(change.raisedMs ?? NOON + 10 * MINUTE_MS).toISOString(),
    raised_by: { watch: id, counter, ...times, threshold, arming },
    data: { budget: id, on: 'cost', value: '101', limit: '100', counter: { customer }, ...times },
  };
}

/** The clocks of aggregators on a real PostgreSQL and Redis. What they raise goes into a list, not into the log. */
export class AlertClocksHarness {
  readonly clock = new SetClock();
  /** What was raised for the present project. */
  raised: AlertRaised[] = [];
  project = '';

  private constructor(
    readonly postgres: Postgres,
    private readonly redis: Redis,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<AlertClocksHarness> {
    const { databaseUrl, drop } = await makeTestDatabase();
    const redis = connectRedis(testEngines().redisUrl);
    await new Promise((ready) => redis.once('ready', ready));
    return new AlertClocksHarness(connectPostgres(databaseUrl), redis, drop);
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.postgres.destroy();
    await this.drop();
  }

  /** Begins anew at noon with a project of its own. */
  async begin(): Promise<void> {
    this.clock.atMs = NOON;
    this.raised = [];
    this.project = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(this.postgres).create({ id: this.project, name: this.project });
  }

  async newBudget(change: Partial<Budget> = {}): Promise<Budget> {
    const id = `bud_${randomUUID().slice(0, 8)}`;
    await new BudgetWrites(this.postgres).create({
      id,
      project: this.project,
      name: 'Acme, hourly',
      on: 'cost',
      scope: {},
      per: ['customer'],
      limit: '100',
      window: { kind: 'calendar', unit: 'hour', time_zone: 'UTC' },
      thresholds: [],
      hard: false,
      projected: false,
      suspended: false,
      raise: null,
      renotify_seconds: null,
      ...change,
    });
    const { budgets } = await readWatchChanges(this.postgres, 0n);
    return budgets.find((budget) => budget.id === id)!;
  }

  /** One process: it remembers what it raised, and knows the budgets of this moment. */
  async aggregator(): Promise<{
    breaches: BreachWatch;
    overruns: OverrunWatch;
    setAside: SetAsideTelling;
  }> {
    const { postgres, redis, clock } = this;
    const raise = (alerts: readonly AlertRaised[]) => {
      this.raised.push(...alerts.filter(({ project }) => project === this.project));
      return Promise.resolve();
    };
    const ports: Omit<AlertingPorts, 'pending' | 'recorded'> = {
      breaches: new OpenBreaches(postgres),
      counters: {
        read: (window, keys) => readCounterSums(redis, { ...window, partitions: PARTITIONS }, keys),
      },
      breachesLock: new JobLock(postgres, 'breaches'),
      projectionsLock: new JobLock(postgres, 'projections'),
    };
    const book = new WatchBook({
      changedSince: (from) => readWatchChanges(postgres, from),
    });
    await book.refresh();
    const once = new RaisedOnce({ raise }, { recorded: () => Promise.resolve(true) });
    const logger = createLogger('alert-clocks', 'fatal');
    const watches = new WatchByWatch(metrics, logger);
    return {
      breaches: new BreachWatch(ports, once, book, clock, watches),
      overruns: new OverrunWatch(ports, once, book, clock, watches),
      setAside: new SetAsideTelling(once, book, clock, metrics, logger),
    };
  }

  /** Puts something that is no counter in the place of a budget's counters. */
  async spoil({ project, ...budget }: Budget): Promise<void> {
    const { definition, windows } = compileBudget({ project, ...budget });
    const { startMs } = windows.of(this.clock.atMs);
    await this.redis.set(`{${project}}:counters:${definition}:${startMs}`, 'no counters');
  }

  async faults(): Promise<number> {
    return (await metrics.watchFaults.get()).values[0]!.value;
  }

  /** As the notifier does. Answers how many were new. */
  async record(alerts: readonly AlertRaised[]): Promise<number> {
    const { alerts: recorded } = await new AlertOutbox(this.postgres).record(alerts, {
      now: new Date(this.clock.atMs),
      leaseMs: 1_000,
    });
    return recorded;
  }

  /** Adds to the counter of acme as the counting does; of all partitions, `seeded` have brought their usage. */
  async fill(budget: Budget, dollars: bigint, seeded = PARTITIONS): Promise<void> {
    const { definition, windows } = compileBudget(budget);
    const counters = new CounterWrites(this.redis);
    const step = {
      key: '{"customer":"acme"}',
      amount: dollars * PICO_OF_A_DOLLAR,
      eventTime: '',
      events: null,
      bins: null,
    };
    for (let partition = 0; partition < seeded; partition += 1) {
      const at = { project: budget.project, partition };
      const owner = { cluster: 'c1', epoch: 1n, position: 0n, sequence: 1 };
      const adopted = await counters.adopt({ ...at, ...owner });
      const group = {
        definition,
        windowStartMs: windows.of(this.clock.atMs).startMs,
        keepMs: null,
        keysMax: 10,
        thresholds: [],
        limit: 0n,
        revision: '',
        watch: '{}',
        steps: partition === 0 ? [step] : [],
        recheck: null,
      };
      await counters.count({
        ...at,
        expected: adopted!.mark,
        next: 'c1|1|1|2',
        at: '',
        seeds: [{ definition, revision: 'r' }],
        seeding: [],
        groups: [group],
        sliding: [],
        level: 'caught_up',
      });
    }
  }

  /** Type, counter and threshold of each alert that was raised. */
  said(): (string | undefined)[][] {
    return this.raised.map(({ type, raised_by }) => [
      type,
      raised_by?.counter,
      raised_by?.threshold,
    ]);
  }
}
