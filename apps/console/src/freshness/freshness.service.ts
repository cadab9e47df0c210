import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { TOPICS } from '#contracts';
import { Freshness } from '#freshness';
import { ClusterView } from '#kafka';
import { LOGGER, type Logger } from '#platform';
import { readStoredPositions } from '#postgres';
import { ConsoleConfig } from '../console.config.js';
import { Engines } from '../engines/engines.js';
import { LogEndsReader } from './log-ends.js';

const KAFKA_TIMEOUT_MS = 1_000;

/** Says up to when usage is complete. */
@Injectable()
export class FreshnessService implements OnApplicationShutdown {
  private readonly view: ClusterView;
  private readonly ends: LogEndsReader;
  private readonly freshness = new Freshness();

  constructor(
    private readonly engines: Engines,
    config: ConsoleConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.view = new ClusterView({
      app: 'console',
      brokers: config.kafka.brokers,
      logger,
      timeoutMs: KAFKA_TIMEOUT_MS,
    });
    this.ends = new LogEndsReader(this.view);
  }

  /**
   * Every event acknowledged before this RFC 3339 time is in what ClickHouse answers from now on: ask this first, then
   * ClickHouse. Null while nothing can be said.
   */
  async freshTo(): Promise<string | null> {
    const ends = await this.ends.read();
    const positions = await this.engines.postgres((postgres) =>
      readStoredPositions(postgres, TOPICS.usagePriced.name),
    );
    const freshToMs = this.freshness.advance(ends, positions);
    return freshToMs === null ? null : new Date(freshToMs).toISOString();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.view.close();
  }
}
