import { randomUUID } from 'node:crypto';
import { type ClickHouseClient, connectClickHouse, readDailyUsage } from '#clickhouse';
import { insertUsageRaw, migrateClickHouse } from '#clickhouse/writes';
import type { AlertRaised, AnomalySettings } from '#contracts';
import { Clock, createLogger } from '#platform';
import {
  AnomalyMarks,
  AnomalySettingsStore,
  connectPostgres,
  JobLock,
  type ListedMark,
  type Postgres,
} from '#postgres';
import { AnomalyMarkWrites, AnomalySettingsWrites, ProjectWrites } from '#postgres/writes';
import { pricedUsage } from '#samples';
import { makeTestDatabase, testEngines } from '#testing';
import { AnomalyMetrics } from '../../apps/aggregator/src/anomalies/anomalies.metrics.js';
import type { AnomalyPorts } from '../../apps/aggregator/src/anomalies/anomalies.ports.js';
import { AnomaliesSink } from '../../apps/aggregator/src/anomalies/anomalies.sink.js';
import { AnomalyScan } from '../../apps/aggregator/src/anomalies/anomaly-scan.js';

class SetClock extends Clock {
  nowMs = Date.parse('2026-11-14T10:00:00Z');

  override now(): number {
    return this.nowMs;
  }
}

const metrics = new AnomalyMetrics();

/** Looking for anomalies on databases of its own, with a clock that is set and a topic that only takes notes. */
export class AnomalyHarness {
  readonly clock = new SetClock();
  readonly raised: AlertRaised[] = [];
  /** Answers in place of the topic, when set. */
  refusal: Error | null = null;
  completeToMs: number | null = Infinity;
  private events = 0;

  private constructor(
    readonly clickhouse: ClickHouseClient,
    readonly postgres: Postgres,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<AnomalyHarness> {
    const { databaseUrl, drop } = await makeTestDatabase();
    const address = {
      url: testEngines().clickhouseUrl,
      database: `test_${randomUUID().replaceAll('-', '')}`,
    };
    await migrateClickHouse(address);
    const clickhouse = connectClickHouse(address);
    return new AnomalyHarness(clickhouse, connectPostgres(databaseUrl), async () => {
      await clickhouse.command({ query: `DROP DATABASE ${address.database}` });
      await clickhouse.close();
      await drop();
    });
  }

  async close(): Promise<void> {
    await this.postgres.destroy();
    await this.drop();
  }

  async newProject(change: Partial<AnomalySettings> = {}): Promise<string> {
    const project = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(this.postgres).create({ id: project, name: project });
    await this.set(project, change);
    return project;
  }

  async set(project: string, change: Partial<AnomalySettings>): Promise<void> {
    await new AnomalySettingsWrites(this.postgres).change(project, (before) => ({
      ...before,
      ...change,
    }));
  }

  /** Stores one event a day: `dollars` on each of the days, the last of which is `lastDay`. */
  async use(
    project: string,
    customer: string,
    lastDay: string,
    dollars: readonly number[],
    model = 'gpt-4o',
  ): Promise<void> {
    const rows = dollars.map((amount, place) => {
      this.events += 1;
      const day = Date.parse(lastDay) - (dollars.length - 1 - place) * 86_400_000;
      const usage = pricedUsage({
        id: `event ${this.events}`,
        project,
        customer,
        model,
        event_time: new Date(day + 43_200_000).toISOString(),
        usage: { input_tokens: 1_000 * amount, output_tokens: 0 },
        cost: { state: 'priced', amount: String(amount), lines: [], price_version: 'test' },
      });
      const origin = { cluster: 'c1', partition: 3, offset: String(this.events), appended_at: '' };
      return { usage, origin: { ...origin, appended_at: '2026-11-14T00:00:00.000Z' }, index: 0 };
    });
    const token = randomUUID();
    await insertUsageRaw(this.clickhouse, rows, { token, planToken: token });
  }

  scan(change: Partial<AnomalyPorts> = {}): Promise<void> {
    const ports: AnomalyPorts = {
      projects: () => new AnomalySettingsStore(this.postgres).all(),
      usage: (query) => readDailyUsage(this.clickhouse, query),
      completeTo: () => Promise.resolve(this.completeToMs),
      unraised: (limit) => new AnomalyMarks(this.postgres).unraised(limit),
      lock: new JobLock(this.postgres, 'anomalies'),
      ...change,
    };
    const sink = new AnomaliesSink({
      marks: new AnomalyMarkWrites(this.postgres),
      alerts: {
        raise: (alerts) => {
          if (this.refusal) return Promise.reject(this.refusal);
          this.raised.push(...alerts);
          return Promise.resolve();
        },
      },
    });
    return new AnomalyScan(ports, sink, this.clock, metrics, createLogger('test', 'silent')).run();
  }

  marks(project: string): Promise<ListedMark[]> {
    return new AnomalyMarks(this.postgres).list({ project }, { limit: 1_000 });
  }

  /** The marks in short, sorted. */
  async marked(project: string): Promise<string[]> {
    const marks = await this.marks(project);
    return marks
      .map(
        ({ dimension, subject, day, measure, direction, value, expected }) =>
          `${dimension} ${subject} ${day} ${measure} ${direction}: ${value} for ${expected}`,
      )
      .sort();
  }

  raisedFor(project: string): AlertRaised[] {
    return this.raised.filter((alert) => alert.project === project);
  }
}
