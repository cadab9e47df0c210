import { randomUUID } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { mintApiKey, type Scope, SCOPES } from '#access';
import { type ClickHouseClient, connectClickHouse, type SetAsideRow } from '#clickhouse';
import { insertUsageRaw, insertUsageSetAside, migrateClickHouse } from '#clickhouse/writes';
import { identityOf, type Origin, partitionOf, type PricedUsage } from '#contracts';
import type { EnvelopeSend, SendOutcome } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { Clock, createLogger, LOGGER, Readiness } from '#platform';
import { connectPostgres, type Postgres } from '#postgres';
import { ApiKeyWrites, ProjectWrites } from '#postgres/writes';
import { pricedUsage } from '#samples';
import { makeTestDatabase, TEST_SEALING_KEYS, testEngines } from '#testing';
import { ConsoleConfig } from '../../apps/console/src/console.config.js';
import { ConsoleModule } from '../../apps/console/src/console.module.js';
import { consoleAdapter, prepareConsole } from '../../apps/console/src/prepare-console.js';

export const ADMIN_KEY = 'rk_admin_of_the_console_tests';
/** Nobody listens there: the console has to live with brokers that are away. */
const NO_BROKERS = ['127.0.0.1:9'];

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
  // The tests check what they read.
  body: Record<string, unknown> & {
    data: Record<string, unknown>[];
    error: {
      code: string;
      message: string;
      request_id: string;
      details: { field: string; message: string }[];
    };
  };
}

export interface Call {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** Stores at addresses of the test's own; what is absent is the test engines'. */
interface Elsewhere {
  clickhouseUrl?: string;
  databaseUrl?: string;
  redisUrl?: string;
}

/** The console in this process, on databases of its own, with a producer that only takes notes. */
export class ConsoleHarness {
  readonly sent: EnvelopeSend[] = [];
  sendOutcome: SendOutcome = { state: 'acknowledged', offsets: [] };
  private positions = 0;

  private constructor(
    readonly clickhouse: ClickHouseClient,
    readonly postgres: Postgres,
    private readonly drop: () => Promise<void>,
    public app: NestFastifyApplication,
  ) {}

  static async open(elsewhere: Elsewhere = {}): Promise<ConsoleHarness> {
    const { databaseUrl, urlAs, drop } = await makeTestDatabase();
    const address = {
      url: testEngines().clickhouseUrl,
      database: `test_${randomUUID().replaceAll('-', '')}`,
    };
    await migrateClickHouse(address);
    const config = Object.assign(new ConsoleConfig(), {
      kafka: { brokers: NO_BROKERS },
      clickhouse: { ...address, url: elsewhere.clickhouseUrl ?? address.url },
      database: { url: elsewhere.databaseUrl ?? urlAs('console') },
      redis: { url: elsewhere.redisUrl ?? testEngines().redisUrl },
      sealing: { keys: TEST_SEALING_KEYS },
      adminKey: ADMIN_KEY,
    });
    const notes: { harness?: ConsoleHarness } = {};
    const app = await startConsole(config, (send) => {
      notes.harness?.sent.push(send);
      return notes.harness?.sendOutcome ?? { state: 'refused', reason: 'not open yet' };
    });
    const clickhouse = connectClickHouse(address);
    const dropAll = async () => {
      await clickhouse.command({ query: `DROP DATABASE ${address.database}` });
      await drop();
    };
    notes.harness = new ConsoleHarness(clickhouse, connectPostgres(databaseUrl), dropAll, app);
    return notes.harness;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.postgres.destroy();
    await this.drop();
    await this.clickhouse.close();
  }

  /** A project with a key of these scopes. */
  async newProject(scopes: readonly Scope[] = SCOPES): Promise<{ project: string; key: string }> {
    const project = `p_${randomUUID().slice(0, 8)}`;
    await new ProjectWrites(this.postgres).create({ id: project, name: project });
    return { project, key: await this.newKey(project, scopes) };
  }

  async newKey(project: string, scopes: readonly Scope[]): Promise<string> {
    const { id, key, secretHash } = mintApiKey();
    const row = {
      id,
      project,
      application: null,
      name: 'test',
      scopes: [...scopes],
      secret_hash: secretHash,
    };
    await new ApiKeyWrites(this.postgres).create(row);
    return key;
  }

  /** Stores events that count, as the aggregator does. */
  async store(events: (Partial<PricedUsage> & { id: string; project: string })[]): Promise<void> {
    const rows = events.map((event) => {
      const identity = { project: event.project, source: event.source ?? 'api', id: event.id };
      const usage = pricedUsage({ ...event, identity: identityOf(identity) });
      return { usage, origin: this.nextOrigin(partitionOf(identity)), index: 0 };
    });
    const token = randomUUID();
    await insertUsageRaw(this.clickhouse, rows, { token, planToken: token });
  }

  async setAside(
    row: Partial<SetAsideRow> & Pick<SetAsideRow, 'decidedAs' | 'project'>,
  ): Promise<Origin> {
    const origin = this.nextOrigin(3);
    const token = randomUUID();
    const empty = {
      source: null,
      id: null,
      identity: null,
      content: null,
      countedContent: null,
      customer: null,
      eventTime: null,
      receivedAt: null,
      reason: '',
      detail: '',
      payload: '',
      payloadEncoding: 'json' as const,
    };
    await insertUsageSetAside(this.clickhouse, [{ ...empty, origin, index: 0, ...row }], {
      token,
      planToken: token,
    });
    return row.origin ?? origin;
  }

  async call(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    { key, body, headers }: Call = {},
  ): Promise<Answer> {
    const answer = await this.app.inject({
      method,
      url,
      headers: { ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...headers },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    const json = String(answer.headers['content-type']).includes('json');
    return {
      status: answer.statusCode,
      headers: answer.headers,
      text: answer.body,
      body: (json ? answer.json() : {}) as Answer['body'],
    };
  }

  private nextOrigin(partition: number): Origin {
    this.positions += 1;
    const appended = Date.UTC(2026, 10, 1) + this.positions;
    return {
      cluster: 'test-cluster',
      partition,
      offset: String(this.positions),
      appended_at: new Date(appended).toISOString(),
    };
  }
}

async function startConsole(
  config: ConsoleConfig,
  send: (send: EnvelopeSend) => SendOutcome,
): Promise<NestFastifyApplication> {
  const provided = [
    { provide: ConsoleConfig, useValue: config },
    { provide: LOGGER, useValue: createLogger('console', 'fatal') },
    { provide: Clock, useValue: new Clock() },
    Readiness,
  ];

  @Global()
  @Module({ providers: provided, exports: provided })
  class TestPlatformModule {}

  const module = await Test.createTestingModule({ imports: [TestPlatformModule, ConsoleModule] })
    .overrideProvider(EnvelopeProducer)
    .useValue({
      start: () => undefined,
      close: () => Promise.resolve(),
      send: (request: EnvelopeSend) => Promise.resolve(send(request)),
    })
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(consoleAdapter(), {
    logger: false,
  });
  prepareConsole(app);
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}
