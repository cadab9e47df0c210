import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { DECIDING_PORTS, type DecidingPorts } from './deciding.ports.js';
import type { IdentityFilter } from './identity-filter.js';

const RETRY_MS = 1_000;
/** With fewer, a filter spares less than a quarter of the looks in ClickHouse: not worth reading all that is stored. */
const BITS_PER_IDENTITY_MIN = 2;

/**
 * Fills filters with what is stored while they serve: a page at a time, and a page of each partition in turn. So what
 * is asked of ClickHouse and held here does not grow with what is stored, and a partition whose pages fail holds up no other.
 */
@Injectable()
export class FilterLoading implements OnApplicationShutdown {
  /** By partition, in the order of their turns. */
  private readonly loads = new Map<number, IdentityFilter>();
  private running = false;
  private stopped = false;

  constructor(
    @Inject(DECIDING_PORTS)
    private readonly ports: Pick<DecidingPorts, 'identities' | 'pageIdentitiesMax'>,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  load(partition: number, filter: IdentityFilter): void {
    this.loads.set(partition, filter);
    if (!this.running) void this.loadAll();
  }

  /** Nobody needs the filter any more, or another one takes its place. */
  abandon(partition: number): void {
    this.loads.delete(partition);
  }

  onApplicationShutdown(): void {
    this.stopped = true;
  }

  private async loadAll(): Promise<void> {
    this.running = true;
    for (const [partition, filter] of this.inTurn()) {
      this.metrics.filtersLoading.set(this.loads.size);
      try {
        await this.loadPage(partition, filter);
      } catch (error) {
        this.logger.warn({ err: error, partition }, 'a page of identities was not read yet');
        await this.clock.sleep(RETRY_MS);
      }
    }
    this.metrics.filtersLoading.set(0);
    this.running = false;
  }

  /** The first in the queue, which goes to its end, until none is left. */
  private *inTurn(): Generator<[number, IdentityFilter]> {
    for (;;) {
      const [first] = this.loads;
      if (first === undefined || this.stopped) return;
      this.loads.delete(first[0]);
      this.loads.set(...first);
      yield first;
    }
  }

  private async loadPage(partition: number, filter: IdentityFilter): Promise<void> {
    const { identities, pageIdentitiesMax: identitiesMax } = this.ports;
    const from = filter.nextPrefix;
    await filter.cover(await identities.readIdentityPage({ partition, from, identitiesMax }));
    const { isWhole, bytes, bitsPerIdentity } = filter;
    if (!isWhole && bitsPerIdentity >= BITS_PER_IDENTITY_MIN) return;
    if (this.loads.get(partition) === filter) this.loads.delete(partition);
    const state = { partition, bytes, bitsPerIdentity: Math.round(bitsPerIdentity) };
    if (isWhole) this.logger.info(state, 'the filter of a partition is whole');
    else this.logger.warn(state, 'the filter of a partition is too small: ids are looked up');
  }
}
