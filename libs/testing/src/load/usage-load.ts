import { setTimeout as delay } from 'node:timers/promises';
import { type ClickHouseClient, connectClickHouse } from '#clickhouse';
import type { UsageEvent } from '#contracts';
import type { Platform } from '../../../../dev/platform/platform.js';
import { compareEvents, compareUsage } from './compare-usage.js';
import type { ExpectedEvent } from './expected-usage.js';
import { contradict, generateUsage, type UsageWish } from './generate-usage.js';
import { PipeProgress } from './pipe-progress.js';
import { countRecorded } from './read-recorded.js';
import { SeededRandom } from './seeded-random.js';
import { SentUsage } from './sent-usage.js';
import { readStoredUsage, type StoredUsage } from './stored-usage.js';
import { type SendingManner, UsageSender } from './usage-sender.js';

const DIFFERENCES_SHOWN_MAX = 20;
const STORED_MS_MAX = 60_000;

/** Load on one platform's demo project, with the account of all that was sent and the means to hold the stores against it. */
export class UsageLoad {
  readonly sent = new SentUsage();
  readonly sender: UsageSender;
  readonly progress: PipeProgress;
  private readonly clickhouse: ClickHouseClient;
  private readonly project: string;
  private readonly kafkaBrokers: string;
  private labels = 0;

  constructor(
    platform: Platform,
    private readonly random: SeededRandom,
  ) {
    const { engines } = platform.surroundings;
    const { project, apiKey } = platform.demoAccess;
    this.project = project;
    this.kafkaBrokers = engines.kafkaBrokers;
    this.sender = new UsageSender(
      { url: () => platform.url('ingest-api'), apiKey },
      this.sent,
      random,
    );
    this.progress = new PipeProgress(engines);
    const { clickhouseUrl: url, clickhouseDatabase: database } = engines;
    this.clickhouse = connectClickHouse({ url, database });
  }

  generate(count: number, partition?: number): UsageEvent[] {
    this.labels += 1;
    const wish: UsageWish = { label: `load-${this.labels}`, count };
    if (partition !== undefined) wish.within = { project: this.project, partition };
    return generateUsage(this.random, wish);
  }

  /** New events, each batch up to three times. */
  async send(
    count: number,
    manner: Partial<SendingManner> = {},
    partition?: number,
  ): Promise<void> {
    const events = this.generate(count, partition);
    await this.sender.send(events, { batchMax: 20, copiesMax: 3, concurrency: 4, ...manner });
  }

  /** Sends other content under the identities of events that are acknowledged already. */
  async sendContradictions(events: readonly UsageEvent[]): Promise<void> {
    const others = events.map((event) => contradict(this.random, event));
    await this.sender.send(others, { batchMax: 50, copiesMax: 2, concurrency: 4 });
  }

  /** Sends small loads one after another until `work` is done, whose outcome it gives. */
  async sendWhile<T>(work: Promise<T>, pauseMs = 50): Promise<T> {
    const done = new AbortController();
    const marked = work.finally(() => done.abort());
    const sending = async () => {
      while (!done.signal.aborted) {
        await this.send(20, { concurrency: 2 });
        await delay(pauseMs);
      }
    };
    const [outcome] = await Promise.all([marked, sending()]);
    return outcome;
  }

  /** Waits until all is stored and says in what the stores differ from what was sent: nothing, when the sums are exact. */
  async differences(timeoutMs = STORED_MS_MAX): Promise<string[]> {
    await this.progress.waitUntilStored(timeoutMs);
    const differences = compareUsage(this.project, this.sent, await this.stored());
    return differences.slice(0, DIFFERENCES_SHOWN_MAX);
  }

  /** The same where brokers were lost, which the log itself tells the sendings of. */
  async differencesFromLog(timeoutMs = STORED_MS_MAX): Promise<string[]> {
    await this.progress.waitUntilStored(timeoutMs);
    const recorded = await countRecorded(this.kafkaBrokers, this.project);
    const differences = compareUsage(this.project, this.sent, await this.stored(), recorded);
    return differences.slice(0, DIFFERENCES_SHOWN_MAX);
  }

  /** What must be stored by now, for other readers of the same usage to be held against. */
  async expected(): Promise<ExpectedEvent[]> {
    return compareEvents(this.project, this.sent, (await this.stored()).events).expected;
  }

  stored(): Promise<StoredUsage> {
    return readStoredUsage(this.clickhouse, this.project);
  }

  query(sql: string): Promise<unknown[][]> {
    return this.clickhouse
      .query({ query: sql, format: 'JSONCompactEachRow' })
      .then((answer) => answer.json<unknown[]>());
  }

  async close(): Promise<void> {
    await this.progress.close();
    await this.clickhouse.close();
  }
}
