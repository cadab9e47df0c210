import { randomUUID } from 'node:crypto';
import { type ClickHouseClient, connectClickHouse, readUsualHours } from '#clickhouse';
import { insertUsageRaw, migrateClickHouse } from '#clickhouse/writes';
import type { AlertRaised, PricedUsage } from '#contracts';
import { Clock } from '#platform';
import {
  connectPostgres,
  lastAlertSequence,
  lastWatchAlerts,
  type Postgres,
  readWatchChanges,
  watchAlertsAfter,
} from '#postgres';
import {
  AlertOutbox,
  BudgetWrites,
  ProjectWrites,
  RateWrites,
  SetAsideAlertWrites,
} from '#postgres/writes';
import { connectRedis, CounterMarks, PendingAlerts, type Redis, SlidingStates } from '#redis';
import {
  CounterWrites,
  PendingAlertWrites,
  ProjectEndWrites,
  SlidingStateWrites,
} from '#redis/writes';
import { pricedUsage } from '#samples';
import { makeTestDatabase, testEngines } from '#testing';
import type { Budget, Rate } from '#watches';
import type { CountingBounds } from '../../apps/aggregator/src/counting/counting.ports.js';
import { alertLog } from './alert-log.js';
import type { AroundCount } from './around-count.js';
import { storedUsageOn } from './stored-usage-on.js';
import { CountingProcess, type CountingStores, PARTITIONS } from './counting-process.js';

export const NOON = Date.parse('2026-11-11T12:00:00.000Z');

class SetClock extends Clock {
  atMs = NOON;

  override now(): number {
    return this.atMs;
  }
}

/**
 * Aggregators' counting on real stores, by a clock that is set. What is raised goes to the outbox, as the notifier brings
 * it there; what is decided comes from the test.
 */
export class CountingHarness {
  readonly clock = new SetClock();
  /** Every alert of the present project that the outbox took, in order. */
  recorded: AlertRaised[] = [];
  /** Alerts are on their way to the outbox and do not arrive. */
  isOutboxAway = false;
  project = '';
  /** Of aggregators that are started from now on. */
  bounds: CountingBounds | undefined;
  /** Around each call that counts: a throw before `count`, or behind it, is a connection that breaks. */
  aroundCount: AroundCount = (count) => count();
  private raised: AlertRaised[] = [];
  private epoch = 0n;
  private process: CountingProcess | null = null;
  private events = 0;

  private constructor(
    readonly postgres: Postgres,
    readonly redis: Redis,
    private readonly clickhouse: ClickHouseClient,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<CountingHarness> {
    const { databaseUrl, drop } = await makeTestDatabase();
    const address = {
      url: testEngines().clickhouseUrl,
      database: `test_${randomUUID().replaceAll('-', '')}`,
    };
    await migrateClickHouse(address);
    const clickhouse = connectClickHouse(address);
    const redis = connectRedis(testEngines().redisUrl);
    await new Promise((ready) => redis.once('ready', ready));
    return new CountingHarness(connectPostgres(databaseUrl), redis, clickhouse, async () => {
      await clickhouse.command({ query: `DROP DATABASE ${address.database}` });
      await drop();
    });
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.postgres.destroy();
    await this.drop();
    await this.clickhouse.close();
  }

  /** Begins anew at noon, with a project of its own and one aggregator that owns every partition. */
  async begin(): Promise<void> {
    this.clock.atMs = NOON;
    this.recorded = [];
    this.raised = [];
    this.isOutboxAway = false;
    this.bounds = undefined;
    this.aroundCount = (count) => count();
    this.process = null;
    this.project = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(this.postgres).create({ id: this.project, name: this.project });
    this.startAggregator();
  }

  async newBudget(change: Partial<Budget> = {}): Promise<string> {
    const { id } = await new BudgetWrites(this.postgres).create({
      id: `bud_${randomUUID().slice(0, 8)}`,
      project: this.project,
      name: 'a budget',
      armed_at: new Date(this.clock.now()).toISOString(),
      on: 'requests',
      scope: {},
      per: [],
      limit: '100',
      window: { kind: 'rolling', seconds: 60 },
      thresholds: ['50%'],
      hard: false,
      projected: false,
      suspended: false,
      raise: null,
      renotify_seconds: null,
      ...change,
    });
    return id;
  }

  async newRate(change: Partial<Rate> = {}): Promise<string> {
    const { id } = await new RateWrites(this.postgres).create({
      id: `rat_${randomUUID().slice(0, 8)}`,
      project: this.project,
      name: 'a rate',
      on: 'requests',
      scope: {},
      per: [],
      over_seconds: 60,
      limit: '10',
      change_percent: null,
      events_min: 1,
      ...change,
    });
    return id;
  }

  /** A new process takes every partition over. */
  startAggregator(): void {
    this.epoch += 1n;
    this.process = new CountingProcess(
      this.stores(),
      this.clock,
      this.epoch,
      this.process,
      this.bounds,
    );
  }

  /** The clock of the aggregator strikes, `afterMs` later. */
  async tick(afterMs = 0): Promise<void> {
    this.clock.atMs += afterMs;
    await this.process!.tick();
    await this.deliver();
  }

  /** An event is received now, decided and counted. It brings one request unless it says otherwise. */
  async use(change: Partial<PricedUsage> = {}, { partition = 0 } = {}): Promise<void> {
    this.events += 1;
    const now = new Date(this.clock.atMs).toISOString();
    const offset = String(this.process!.streams[partition]!.originDecidedTo + 1n);
    const { project, events } = this;
    const times = { event_time: now, received_at: now };
    await this.process!.count({
      usage: pricedUsage({
        id: `event ${events}`,
        project,
        usage: { requests: 1 },
        ...times,
        ...change,
      }),
      origin: { cluster: 'c1', partition, offset, appended_at: now },
      index: 0,
    });
    await this.tick();
  }

  /** Stores all that is counted. */
  async store(): Promise<void> {
    for (const stream of this.process!.streams) {
      const plan = stream.nextPlan(1_000);
      if (plan === null) continue;
      const token = `${this.project} ${plan.token} ${this.epoch}`;
      const { counted } = stream.rowsOf(plan);
      await insertUsageRaw(this.clickhouse, counted, { token, planToken: token });
      stream.release(plan, this.clock.atMs);
    }
  }

  /** Usage of earlier days, stored. */
  async storeEarlier(usages: Partial<PricedUsage>[]): Promise<void> {
    const rows = usages.map((change, at) => {
      const id = `earlier ${this.events + at}`;
      return {
        usage: pricedUsage({ id, project: this.project, usage: { requests: 1 }, ...change }),
        origin: { cluster: 'c0', partition: 0, offset: String(at), appended_at: '' },
        index: 0,
      };
    });
    const token = `${this.project} earlier`;
    await insertUsageRaw(this.clickhouse, rows, { token, planToken: token });
  }

  /** All that Redis has of the project. */
  async dump(): Promise<[string, Buffer][]> {
    const keys = await this.redis.keys(`{${this.project}}*`);
    return Promise.all(
      keys.map(async (key): Promise<[string, Buffer]> => [key, await this.redis.dumpBuffer(key)]),
    );
  }

  /** Redis loses what it has of the project, and comes back with what `dump` had. */
  async lose(dump: [string, Buffer][] = []): Promise<void> {
    const keys = await this.redis.keys(`{${this.project}}*`);
    if (keys.length > 0) await this.redis.del(keys);
    for (const [key, value] of dump) await this.redis.restore(key, 0, value);
  }

  /** The alerts recorded since the last call, as `type threshold value`. */
  said(): string[] {
    const said = this.recorded.map(({ type, raised_by, data }) =>
      [type, raised_by!.threshold, String(data['value'])].join(' '),
    );
    this.recorded = [];
    return said;
  }

  private stores(): CountingStores {
    const { postgres, clickhouse, redis } = this;
    const counters = new CounterWrites(redis);
    return {
      reads: {
        partitions: PARTITIONS,
        ownership: { isHeld: () => Promise.resolve(true) },
        marks: new CounterMarks(redis),
        states: new SlidingStates(redis),
        raised: {
          lastOf: (project, watches) => lastWatchAlerts(postgres, project, watches),
          after: (sequence, limit) => watchAlertsAfter(postgres, sequence, limit),
          lastSequence: () => lastAlertSequence(postgres),
        },
        stored: storedUsageOn(clickhouse),
        usualHours: { of: (rate, hourMs) => readUsualHours(clickhouse, rate, hourMs) },
        log: {
          ends: () =>
            Promise.resolve(
              new Map(
                this.process!.streams.map(({ key, decidedTo }) => [key.partition, decidedTo]),
              ),
            ),
        },
      },
      watches: { changedSince: (from) => readWatchChanges(postgres, from) },
      writes: {
        counters: {
          adopt: (request) => counters.adopt(request),
          count: (call) => this.aroundCount(() => counters.count(call), call),
        },
        states: new SlidingStateWrites(redis),
        ends: new ProjectEndWrites(redis),
      },
      pending: new PendingAlerts(redis),
      recorded: { has: () => Promise.resolve(true) },
      alerts: {
        log: alertLog((alerts) => Promise.resolve(void this.raised.push(...alerts))),
        pending: new PendingAlertWrites(redis),
        setAside: new SetAsideAlertWrites(postgres),
      },
    };
  }

  /** As the notifier does: those that the outbox has already are no news. */
  private async deliver(): Promise<void> {
    if (this.isOutboxAway) return;
    const outbox = new AlertOutbox(this.postgres);
    for (const alert of this.raised.splice(0)) {
      const now = new Date(this.clock.atMs);
      const { alerts } = await outbox.record([alert], { now, leaseMs: 1_000 });
      if (alerts === 1 && alert.project === this.project) this.recorded.push(alert);
    }
  }
}
