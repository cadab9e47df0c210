import { randomBytes, randomUUID } from 'node:crypto';
import { Global, type INestApplicationContext, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { register } from 'prom-client';
import { ALERT_RAISED_SCHEMA, type AlertRaised } from '#contracts';
import type { RecordBatch } from '#kafka';
import { Clock, createLogger, LOGGER, Readiness } from '#platform';
import {
  type Channel,
  connectPostgres,
  Deliveries,
  type Delivery,
  type DeliveryAttempt,
  type Postgres,
  type WebhookEndpoint,
} from '#postgres';
import { ProjectWrites, WebhookEndpointWrites } from '#postgres/writes';
import { Sealer } from '#sealing';
import { eventually, makeTestDatabase, TEST_SEALING_KEYS } from '#testing';
import type { ResolveHost } from '../../apps/notifier/src/channels/resolve-host.js';
import { NotifierConfig } from '../../apps/notifier/src/notifier.config.js';
import { NotifierModule, RESOLVE_HOST } from '../../apps/notifier/src/notifier.module.js';
import { NotifierPipeline } from '../../apps/notifier/src/notifier.pipeline.js';

/** Real time, and what the test adds to it. */
export class TestClock extends Clock {
  private addedMs = 0;

  override now(): number {
    return Date.now() + this.addedMs;
  }

  advance(ms: number): void {
    this.addedMs += ms;
  }
}

export interface Journey extends Delivery {
  attempts: DeliveryAttempt[];
}

/** One or more notifiers in this process on a database of their own; the test hands them their batches. */
export class NotifierHarness {
  readonly clock = new TestClock();
  private readonly apps: INestApplicationContext[] = [];

  private constructor(
    readonly databaseUrl: string,
    readonly postgres: Postgres,
    private readonly drop: () => Promise<void>,
  ) {}

  static async open(): Promise<NotifierHarness> {
    const { databaseUrl, urlAs, drop } = await makeTestDatabase();
    return new NotifierHarness(urlAs('notifier'), connectPostgres(databaseUrl), drop);
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.close();
    await this.postgres.destroy();
    await this.drop();
  }

  /** Private addresses are allowed unless `change` says otherwise: receivers are on this machine. */
  async start(
    change: Partial<NotifierConfig> = {},
    resolve?: ResolveHost,
  ): Promise<NotifierPipeline> {
    const config = Object.assign(new NotifierConfig(), {
      database: { url: this.databaseUrl },
      sealing: { keys: TEST_SEALING_KEYS },
      webhookAllowPrivate: true,
      attemptTimeoutMs: 500,
      pollEveryMs: 20,
      ...change,
    });
    const provided = [
      { provide: NotifierConfig, useValue: config },
      { provide: LOGGER, useValue: createLogger('notifier', 'fatal') },
      { provide: Clock, useValue: this.clock },
      Readiness,
    ];

    @Global()
    @Module({ providers: provided, exports: provided })
    class TestPlatformModule {}

    // Two notifiers of one process would name the same metrics.
    register.clear();
    let builder = Test.createTestingModule({ imports: [TestPlatformModule, NotifierModule] });
    if (resolve) builder = builder.overrideProvider(RESOLVE_HOST).useValue(resolve);
    const app = await builder.compile();
    await app.init();
    this.apps.push(app);
    return app.get(NotifierPipeline);
  }

  async newProject(): Promise<string> {
    const id = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(this.postgres).create({ id, name: id });
    return id;
  }

  newEndpoint(
    project: string,
    url: string,
    {
      events = ['*'],
      channel = 'webhook',
      confirmed = true,
    }: { events?: string[]; channel?: Channel; confirmed?: boolean } = {},
  ): Promise<WebhookEndpoint & { secret: string }> {
    const secret = newSecret();
    const id = `whe_${randomUUID().slice(0, 8)}`;
    const sealed = new Sealer(TEST_SEALING_KEYS).seal(secret, id);
    const row = { id, project, channel, url, events, description: null, secret: sealed };
    const created = new WebhookEndpointWrites(this.postgres).create(row);
    return created.then(async (endpoint) => {
      if (confirmed) await this.confirm(id);
      return Object.assign(endpoint, { secret });
    });
  }

  /** As the console does when the right code is given back. */
  async confirm(endpoint: string): Promise<void> {
    await this.postgres
      .updateTable('webhook_endpoints')
      .set({ confirmed_at: new Date() })
      .where('id', '=', endpoint)
      .execute();
  }

  alert(project: string, change: Partial<AlertRaised> = {}): AlertRaised {
    return {
      v: 1,
      id: randomUUID().replaceAll('-', ''),
      project,
      type: 'budget.breached',
      raised_at: new Date(this.clock.now()).toISOString(),
      raised_by: null,
      data: { budget: 'bud_1', name: 'Ü 🙂', value: '100.0125', counter: { customer: 'acme' } },
      ...change,
    };
  }

  /** Every delivery of an endpoint, the newest first, with its attempts. */
  journeys(endpoint: string): Promise<Journey[]> {
    // One snapshot: a delivery and its attempts are of the same moment.
    const snapshot = this.postgres.transaction().setIsolationLevel('repeatable read');
    return snapshot.execute(async (transaction) => {
      const deliveries = new Deliveries(transaction);
      const rows = await deliveries.list(endpoint, { limit: 1_000 });
      const attempts = await deliveries.attemptsOf(rows.map(({ id }) => id));
      return rows.map((row) =>
        Object.assign(row, { attempts: attempts.filter(({ delivery }) => delivery === row.id) }),
      );
    });
  }

  /** The only delivery of an endpoint, once it is as `holds` says. */
  journey(endpoint: string, holds: (journey: Journey) => boolean): Promise<Journey> {
    return eventually(async () => {
      const [journey] = await this.journeys(endpoint);
      return journey && holds(journey) ? journey : null;
    });
  }
}

export function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}

/** What the batch server delivers for these alerts; commits go nowhere. */
export function batchOf(values: readonly (AlertRaised | Buffer)[]): RecordBatch {
  const records = values.map((value, index) => ({
    offset: String(index),
    timestampMs: Date.now(),
    headers: { schema: ALERT_RAISED_SCHEMA },
    value: Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)),
  }));
  return {
    topic: 'alerts.raised',
    partition: 0,
    highWatermark: String(records.length),
    records,
    generation: 1,
    isCurrent: () => true,
    heartbeat: () => Promise.resolve(),
    resolve: () => undefined,
    seek: () => undefined,
    pause: () => () => undefined,
    commit: () => Promise.resolve(),
  };
}
