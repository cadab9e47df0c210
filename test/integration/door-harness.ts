import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { mintApiKey, type Scope } from '#access';
import { type RecordedBatch, type RecordedEnvelope, TOPICS, type UsageEvent } from '#contracts';
import { ClusterView, KafkaBatchServer, type RecordBatch } from '#kafka';
import { provisionTopics } from '#kafka/writes';
import { createLogger } from '#platform';
import { connectPostgres, type Postgres } from '#postgres';
import { ApiKeyWrites, ApplicationWrites, ProjectWrites } from '#postgres/writes';
import { makeTestDatabase, readMetric, testEngines } from '#testing';

const MAIN = fileURLToPath(new URL('../../apps/ingest-api/src/main.js', import.meta.url));
const logger = createLogger('test', 'fatal');

export interface Answer {
  status: number;
  headers: Headers;
  body: {
    accepted: number;
    duplicate: number;
    refused: number;
    results: {
      index: number;
      id: string | null;
      status: string;
      error?: { code: string; field: string | null };
    }[];
    error: {
      code: string;
      message: string;
      request_id: string;
      details: { field: string; message: string }[];
    };
  };
}

/** The ingest-api as a process of its own on the shared engines, with a project nobody else has and a reader of what it writes. */
export class DoorHarness {
  readonly project = `p-${randomUUID().slice(0, 8)}`;
  /** What stands in `usage.recorded` for the project, in the order of each partition. */
  readonly batches: RecordedBatch[] = [];
  url = '';
  private metricsUrl = '';
  private door: ChildProcess | undefined;
  private reader: KafkaBatchServer | undefined;

  private constructor(
    readonly postgres: Postgres,
    private readonly databaseUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async open(environment: Record<string, string> = {}): Promise<DoorHarness> {
    const { databaseUrl, urlAs, drop } = await makeTestDatabase();
    const test = new DoorHarness(connectPostgres(databaseUrl, 2), urlAs('ingest-api'), drop);
    const { kafkaBrokers, redisUrl } = testEngines();
    await provisionTopics({ brokers: kafkaBrokers, logger });
    await new ProjectWrites(test.postgres).create({ id: test.project, name: 'Test' });
    await test.readFromNow(kafkaBrokers);
    await test.startDoor({
      KAFKA_BROKERS: kafkaBrokers.join(','),
      REDIS_URL: redisUrl,
      ...environment,
    });
    return test;
  }

  /** CPU that the door's process has used. */
  async cpuMs(): Promise<number> {
    return (await readMetric(this.metricsUrl, 'process_cpu_seconds_total')) * 1_000;
  }

  async close(): Promise<void> {
    if (this.door) {
      this.door.kill('SIGTERM');
      await once(this.door, 'exit');
    }
    await this.reader?.close();
    await this.postgres.destroy();
    await this.dropDatabase();
  }

  async mintKey(scopes: Scope[] = ['ingest']): Promise<{ id: string; key: string }> {
    const { id, key, secretHash } = mintApiKey();
    const stored = { id, project: this.project, name: 'Test', scopes, secret_hash: secretHash };
    await new ApiKeyWrites(this.postgres).create({ ...stored, application: null });
    return { id, key };
  }

  /** An application on gpt-4o in Berlin, with its token. */
  async createApplication(id: string): Promise<string> {
    const { id: tokenId, key, secretHash } = mintApiKey();
    const model = { provider: 'openai', model: 'gpt-4o', time_zone: 'Europe/Berlin' };
    await new ApplicationWrites(this.postgres).create(
      { id, project: this.project, name: 'Chat', ...model },
      { id: tokenId, secret_hash: secretHash },
    );
    return key;
  }

  async post(
    key: string,
    body: string | Buffer | object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
    const response = await fetch(`${this.url}/v1/events`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'content-type': 'application/json',
        ...headers,
      },
      body: isRaw ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    });
    const answer = (await response.json()) as Answer['body'];
    return { status: response.status, headers: response.headers, body: answer };
  }

  /** Waits until the events with these ids stand in the log, and gives every event of the project there is. */
  async recorded(ids: string[]): Promise<UsageEvent[]> {
    for (;;) {
      const events = this.batches.flatMap((batch) => batch.events);
      const found = new Set(events.map(({ id }) => id));
      if (ids.every((id) => found.has(id))) return events;
      await delay(20);
    }
  }

  private async readFromNow(brokers: string[]): Promise<void> {
    const view = new ClusterView({ app: 'pricing-worker', brokers, logger });
    const topic = TOPICS.usageRecorded;
    const ends = await view.topicEnds(topic.name);
    await view.close();
    this.reader = new KafkaBatchServer({
      app: 'pricing-worker',
      brokers,
      groupId: `test-${this.project}`,
      topics: [topic],
      logger,
      commit: 'by-handler',
      startAt: ({ partition }) =>
        Promise.resolve(ends.find((end) => end.partition === partition)?.high ?? null),
    });
    this.reader.addHandler(topic.name, (batch: RecordBatch) => this.read(batch), true);
    this.reader.listen((error) => {
      if (error) throw error;
    });
  }

  private read(batch: RecordBatch): Promise<void> {
    for (const { value, offset } of batch.records) {
      const { batches } = JSON.parse(value.toString()) as RecordedEnvelope;
      this.batches.push(...batches.filter(({ project }) => project === this.project));
      batch.resolve(offset);
    }
    return Promise.resolve();
  }

  private async startDoor(environment: Record<string, string>): Promise<void> {
    const door = spawn(process.execPath, [MAIN], {
      env: { DATABASE_URL: this.databaseUrl, HTTP_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.door = door;
    for await (const line of createInterface({ input: door.stdout })) {
      const { msg, url, metrics_url } = JSON.parse(line) as Record<string, string>;
      if (msg !== 'listening' || url === undefined) continue;
      this.url = url;
      this.metricsUrl = metrics_url ?? '';
      break;
    }
    door.stdout.resume();
    if (this.url === '') throw new Error('the door did not start');
    while (!(await fetch(`${this.url}/health/ready`)).ok) await delay(50);
  }
}
