import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { connectClickHouse } from '#clickhouse';
import { insertUsageRaw, migrateClickHouse } from '#clickhouse/writes';
import { type PricedUsage, TOPICS, USAGE_PARTITIONS } from '#contracts';
import { ClusterView } from '#kafka';
import { createLogger } from '#platform';
import { connectPostgres, Customers } from '#postgres';
import { CustomerWrites, ProjectWrites } from '#postgres/writes';
import { pricedUsage } from '#samples';
import { createStripe } from '#stripe';
import { makeTestDatabase, testEngines } from '#testing';
import type { BillReport } from '../../apps/billing/src/steps/report-bill.js';
import { StripeSimulator } from '../contract/stripe-simulator.js';

const BILL = fileURLToPath(new URL('../../apps/billing/src/bill.js', import.meta.url));
const SECRET_KEY = 'sk_test_billing';

export interface BillRun {
  /** Null when the process was killed. */
  status: number | null;
  stderr: string;
  report: BillReport | null;
}

/** A moment of the period that these tests bill: by default it is over for a day. */
export const at = (time: string): Record<string, string> => ({
  CLOCK_OFFSET_MS: String(Date.parse(time) - Date.now()),
});

/** The bill command, its two stores and a Stripe simulator of its own: what one billing test needs, and nothing shared. */
export class BillingHarness {
  private constructor(
    private readonly environment: Record<string, string>,
    private readonly clickhouse: ReturnType<typeof connectClickHouse>,
    private readonly postgres: ReturnType<typeof connectPostgres>,
    private readonly stripeData: string,
    private readonly dropDatabase: () => Promise<void>,
    public simulator: StripeSimulator,
  ) {}

  static async open(): Promise<BillingHarness> {
    const { databaseUrl, urlAs, drop } = await makeTestDatabase();
    const database = `test_${randomUUID().replaceAll('-', '')}`;
    const { clickhouseUrl, kafkaBrokers } = testEngines();
    await migrateClickHouse({ url: clickhouseUrl, database });
    const stripeData = await mkdtemp(join(tmpdir(), 'billing-test-'));
    const simulator = await StripeSimulator.start(stripeData);
    const harness = new BillingHarness(
      {
        KAFKA_BROKERS: kafkaBrokers.join(','),
        CLICKHOUSE_URL: clickhouseUrl,
        CLICKHOUSE_DATABASE: database,
        DATABASE_URL: urlAs('billing'),
        STRIPE_SECRET_KEY: SECRET_KEY,
        STRIPE_TIMEOUT_MS: '500',
      },
      connectClickHouse({ url: clickhouseUrl, database }),
      connectPostgres(databaseUrl),
      stripeData,
      drop,
      simulator,
    );
    await harness.storedToTheEnd();
    return harness;
  }

  async close(): Promise<void> {
    await this.clickhouse.command({
      query: `DROP DATABASE ${this.environment['CLICKHOUSE_DATABASE']}`,
    });
    await this.clickhouse.close();
    await this.postgres.destroy();
    await this.dropDatabase();
    await this.simulator.end();
    await rm(this.stripeData, { recursive: true });
  }

  /** kill -9 and start again on the same data. */
  async restartSimulator(): Promise<void> {
    await this.simulator.end();
    this.simulator = await StripeSimulator.start(this.stripeData);
  }

  /** A project of its own for each test, so that tests share the engines and nothing else. */
  async newProject(markup = '1', name = 'shop'): Promise<string> {
    const id = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(this.postgres).create({ id, name, markup });
    return id;
  }

  get customers(): Customers {
    return new Customers(this.postgres);
  }

  get customerWrites(): CustomerWrites {
    return new CustomerWrites(this.postgres);
  }

  get stripe(): ReturnType<typeof createStripe> {
    return createStripe({ secretKey: SECRET_KEY, url: this.simulator.url });
  }

  /** Stores events as the aggregator does. */
  async store(project: string, events: Partial<PricedUsage>[]): Promise<void> {
    const token = randomUUID();
    const rows = events.map((event, index) => ({
      usage: pricedUsage({ id: randomUUID(), ...event, project }),
      origin: { cluster: 'c', partition: 0, offset: '1', appended_at: '2026-11-01T00:00:00.000Z' },
      index,
    }));
    await insertUsageRaw(this.clickhouse, rows, { token, planToken: token });
  }

  /** Lets every partition be stored beyond whatever the shared log holds. */
  async storedToTheEnd(): Promise<void> {
    const logger = createLogger('test', 'silent');
    const brokers = testEngines().kafkaBrokers;
    const view = new ClusterView({ app: 'billing', brokers, logger });
    const cluster = await view.clusterId();
    await view.close();
    await this.storedTo(cluster, 2n ** 53n);
  }

  /** Lets every partition's last stored record have come at that time; what the log holds beyond it, nobody can ask. */
  async storedUpTo(appendedAt: Date): Promise<void> {
    await this.storedTo('a log that is away', 0n, appendedAt);
  }

  /** Nothing is known to be stored. */
  async storedNothing(): Promise<void> {
    await this.postgres.deleteFrom('partition_ownership').execute();
  }

  private async storedTo(cluster: string, to: bigint, appendedAt?: Date): Promise<void> {
    await this.storedNothing();
    const rows = Array.from({ length: USAGE_PARTITIONS }, (_, partition) => ({
      cluster,
      topic: TOPICS.usagePriced.name,
      partition,
      epoch: 1n,
      stored_to: to,
      origin_stored_to: to,
      origin_appended_at: appendedAt ?? new Date('2026-12-02T00:00:00Z'),
    }));
    await this.postgres.insertInto('partition_ownership').values(rows).execute();
  }

  /** Takes events of a model away again, as a mend of what was stored twice does. */
  async remove(project: string, model: string): Promise<void> {
    await this.clickhouse.command({
      query: 'DELETE FROM usage_raw WHERE project = {project:String} AND model = {model:String}',
      query_params: { project, model },
      clickhouse_settings: { lightweight_deletes_sync: '2' },
    });
  }

  async setMarkup(project: string, markup: string): Promise<void> {
    await new ProjectWrites(this.postgres).update(project, { markup });
  }

  async bill(
    project: string,
    { args = [], env = {} }: { args?: string[]; env?: Record<string, string> } = {},
  ): Promise<BillRun> {
    const command = [BILL, '--period', '2026-11', '--project', project, '--json', ...args];
    const child = spawn(process.execPath, command, {
      env: {
        PATH: '',
        NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
        ...at('2026-12-02T00:00:00Z'),
        ...this.environment,
        STRIPE_URL: this.simulator.url,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [status]] = (await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])) as [string, string, [number | null]];
    return { status, stderr, report: stdout === '' ? null : (JSON.parse(stdout) as BillReport) };
  }

  /** Every invoice at Stripe of the project's customers, newest first, with its lines' keys and amounts. */
  async invoicesAtStripe(
    project: string,
  ): Promise<{ status: string; total: number; description: string; lines: [string, number][] }[]> {
    const found = [];
    for await (const invoice of this.stripe.invoices.list({ limit: 100 })) {
      if (!invoice.metadata?.['run_key']?.startsWith(`${project}:2026-11`)) continue;
      const lines: [string, number][] = [];
      for await (const line of this.stripe.invoices.listLineItems(invoice.id, { limit: 100 })) {
        lines.push([line.metadata['line_key'] ?? '', line.amount]);
      }
      const { total, description } = invoice;
      found.push({ status: invoice.status ?? '', total, description: description ?? '', lines });
    }
    return found;
  }
}

/** A priced cost, for `store`. */
export const priced = (amount: string): PricedUsage['cost'] => ({
  state: 'priced',
  amount,
  lines: [],
  price_version: 'test',
});

export const unpriced: PricedUsage['cost'] = {
  state: 'unpriced',
  reason: 'unknown_model',
  detail: 'no such model',
  partial: '0',
  lines: [],
  price_version: 'test',
};
