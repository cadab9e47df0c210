import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { TOPICS } from '#contracts';
import { Freshness, readLogEnds } from '#freshness';
import { ClusterView } from '#kafka';
import { Clock, LOGGER, type Logger } from '#platform';
import { type Postgres, readStoredPositions } from '#postgres';
import { BillingConfig } from './billing.config.js';
import { POSTGRES } from './connections.js';

/** Says up to when everything acknowledged is stored, as `fresh_to` of the console does. */
@Injectable()
export class UsageFreshness implements OnApplicationShutdown {
  private readonly view: ClusterView;

  constructor(
    @Inject(POSTGRES) private readonly postgres: Postgres,
    private readonly clock: Clock,
    { kafka }: BillingConfig,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.view = new ClusterView({ app: 'billing', brokers: kafka.brokers, logger });
  }

  /** In milliseconds since the epoch; null while nobody can say. What is read from ClickHouse after this holds all of it. */
  async freshToMs(): Promise<number | null> {
    const ends = await readLogEnds(this.view, this.clock.now()).catch(() => null);
    const positions = await readStoredPositions(this.postgres, TOPICS.usagePriced.name);
    return new Freshness().advance(ends, positions);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.view.close();
  }
}
