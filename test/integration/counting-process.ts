import type { UsageRow } from '#clickhouse';
import { type Clock, createLogger } from '#platform';
import { AggregatorMetrics } from '../../apps/aggregator/src/aggregator.metrics.js';
import { AlertRaising } from '../../apps/aggregator/src/counting/alert-raising.js';
import type { CountingPorts } from '../../apps/aggregator/src/counting/counting.ports.js';
import { RaisedAlerts } from '../../apps/aggregator/src/counting/raised-alerts.js';
import { RateBaselines } from '../../apps/aggregator/src/counting/rate-baselines.js';
import { SlidingJudging } from '../../apps/aggregator/src/counting/sliding-judging.js';
import { UsageCounting } from '../../apps/aggregator/src/counting/usage-counting.js';
import { WatchBook } from '../../apps/aggregator/src/counting/watch-book.js';
import { IdentityFilter } from '../../apps/aggregator/src/identity-filter.js';
import type {
  OwnedPartition,
  OwnedPartitions,
} from '../../apps/aggregator/src/owned-partitions.js';
import { PartitionStream } from '../../apps/aggregator/src/partition-stream.js';

export const PARTITIONS = 2;

const metrics = new AggregatorMetrics();
const logger = createLogger('counting', 'fatal');

/**
 * An aggregator that has taken every partition over: it knows what a former one stored, and what the log has behind that
 * is decided again.
 */
export class CountingProcess {
  readonly streams: PartitionStream[];
  private readonly counting: UsageCounting;

  constructor(ports: CountingPorts, clock: Clock, epoch: bigint, former: CountingProcess | null) {
    this.streams = Array.from({ length: PARTITIONS }, (_, partition) => {
      const key = { cluster: 'c1', topic: 'usage.priced', partition };
      const before = former?.streams[partition];
      const originStoredTo = before?.originStoredTo ?? -1n;
      const ownership = { epoch, storedTo: originStoredTo + 1n, originStoredTo, plan: null };
      const stream = new PartitionStream(key, ownership, new IdentityFilter(1_000));
      for (const row of before?.rowsAbove(originStoredTo) ?? []) append(stream, row);
      return stream;
    });
    const owned = this.streams.map((stream): OwnedPartition => {
      const nothing = { lastBatch: null, resume: null };
      return { stream, generation: 1, storing: false, ...nothing };
    });
    const partitions = { all: () => owned, holds: () => true } as unknown as OwnedPartitions;
    const book = new WatchBook(ports);
    const judging = new SlidingJudging(ports, book);
    this.counting = new UsageCounting(
      ports,
      partitions,
      book,
      new AlertRaising(ports),
      judging,
      new RateBaselines(ports, book, logger),
      new RaisedAlerts(ports, book, judging),
      clock,
      metrics,
      logger,
    );
  }

  /** What the log has next in the partitions of the rows is decided and counted together. */
  async count(...rows: UsageRow[]): Promise<void> {
    for (const row of rows) append(this.streams[row.origin.partition]!, row);
    await this.counting.followAll();
  }

  async tick(): Promise<void> {
    await this.counting.watch();
    await this.counting.followAll();
  }
}

function append(stream: PartitionStream, row: UsageRow): void {
  const originOffset = BigInt(row.origin.offset);
  const appendedAt = new Date(row.origin.appended_at);
  const decided = { counted: [row], setAside: [] };
  stream.append(
    { offset: stream.decidedTo, originOffset, appendedAt, ...decided },
    Date.parse(row.usage.received_at),
  );
}
