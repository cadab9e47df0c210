import type { UsageRow } from '#clickhouse';
import { type Clock, createLogger } from '#platform';
import { WatchBook, type WatchChangesPort } from '#watch-book';
import { AggregatorMetrics } from '../../apps/aggregator/src/aggregator.metrics.js';
import { AlertRaising } from '../../apps/aggregator/src/alerting/alert-raising.js';
import type { AlertingPorts } from '../../apps/aggregator/src/alerting/alerting.ports.js';
import {
  AlertsSink,
  type AlertsWritePorts,
} from '../../apps/aggregator/src/alerting/alerts.sink.js';
import { IntakePace } from '../../apps/aggregator/src/alerting/intake-pace.js';
import {
  CountersSink,
  type CountersWritePorts,
} from '../../apps/aggregator/src/counting/counters.sink.js';
import type {
  CountedPartition,
  CountingBounds,
  CountingPorts,
  CountingReads,
} from '../../apps/aggregator/src/counting/counting.ports.js';
import { ProjectCountings } from '../../apps/aggregator/src/counting/project-countings.js';
import { RefusedCounters } from '../../apps/aggregator/src/counting/refused-counters.js';
import { Seeding } from '../../apps/aggregator/src/counting/seeding/seeding.js';
import { RaisedAlerts } from '../../apps/aggregator/src/counting/sliding/raised-alerts.js';
import { RateBaselines } from '../../apps/aggregator/src/counting/sliding/rate-baselines.js';
import { SlidingJudging } from '../../apps/aggregator/src/counting/sliding/sliding-judging.js';
import { UsageCounting } from '../../apps/aggregator/src/counting/usage-counting.js';
import { IdentityFilter } from '../../apps/aggregator/src/deciding/identity-filter.js';
import { PartitionStream } from '../../apps/aggregator/src/partitions/partition-stream.js';

export const PARTITIONS = 2;

/** One in a process of tests: they are registered by name. */
export const metrics = new AggregatorMetrics();
export const logger = createLogger('counting', 'fatal');

/** Large enough for what a test of one app sends. */
export const BOUNDS: CountingBounds = {
  passMsMax: 1_000,
  passCountersMax: 200_000,
  sliceEventsMax: 250_000,
  seedCallMax: 600,
  recheckCallMax: 1_000,
};

/** The stores, as counting and the raising of what it found see them. */
export interface CountingStores {
  reads: CountingReads;
  watches: WatchChangesPort;
  writes: CountersWritePorts;
  pending: AlertingPorts['pending'];
  recorded: AlertingPorts['recorded'];
  alerts: AlertsWritePorts;
}

/** One process' counting of the partitions that it owns, wired as the aggregator wires it. */
export function countingOn(
  stores: CountingStores,
  owned: CountingPorts['owned'],
  { sink, clock, bounds = BOUNDS }: { sink: AlertsSink; clock: Clock; bounds?: CountingBounds },
): { counting: UsageCounting; seeding: Seeding } {
  const alerts = new AlertRaising(stores, sink, new IntakePace(stores, clock), logger);
  const ports = { ...stores.reads, owned, alerts, bounds };
  const counters = new CountersSink(stores.writes);
  const book = new WatchBook(stores.watches);
  const judging = new SlidingJudging(ports, counters, book);
  const states = new ProjectCountings(ports, counters);
  const refused = new RefusedCounters(metrics, logger);
  const counting = new UsageCounting(
    ports,
    states,
    book,
    judging,
    new RateBaselines(ports, counters, book, logger),
    new RaisedAlerts(ports, counters, book, judging),
    clock,
    refused,
    metrics,
    logger,
  );
  const seeding = new Seeding(ports, states, book, refused, clock, metrics, logger);
  return { counting, seeding };
}

/**
 * An aggregator that has taken every partition over: it knows what a former one stored, and what the log has behind that
 * is decided again.
 */
export class CountingProcess {
  readonly streams: PartitionStream[];
  private readonly counting: UsageCounting;
  private readonly seeding: Seeding;

  constructor(
    stores: CountingStores,
    clock: Clock,
    epoch: bigint,
    former: CountingProcess | null,
    bounds?: CountingBounds,
  ) {
    this.streams = Array.from({ length: PARTITIONS }, (_, partition) => {
      const key = { cluster: 'c1', topic: 'usage.priced', partition };
      const before = former?.streams[partition];
      const originStoredTo = before?.originStoredTo ?? -1n;
      const ownership = { epoch, storedTo: originStoredTo + 1n, originStoredTo, plan: null };
      const stream = new PartitionStream(key, ownership, new IdentityFilter(1_024));
      for (const row of before?.rowsAbove(originStoredTo) ?? []) append(stream, row);
      return stream;
    });
    const owned = this.streams.map((stream): CountedPartition => {
      const retake = () => Promise.reject(new Error('nobody else takes a partition over'));
      return { stream, isHeld: () => true, retake };
    });
    const sink = new AlertsSink(stores.alerts, metrics, logger);
    const present = { sink, clock, ...(bounds ? { bounds } : {}) };
    const { counting, seeding } = countingOn(stores, { all: () => owned }, present);
    this.counting = counting;
    this.seeding = seeding;
  }

  /** What the log has next in the partitions of the rows is decided and counted together. */
  async count(...rows: UsageRow[]): Promise<void> {
    for (const row of rows) append(this.streams[row.origin.partition]!, row);
    await this.counting.followAll();
  }

  /** The clocks strike: what is stored is added as far as it can be. */
  async tick(): Promise<void> {
    await this.counting.watch();
    await this.counting.followAll();
    await this.seed();
  }

  async seed(): Promise<void> {
    while (await this.seeding.seed());
  }
}

function append(stream: PartitionStream, row: UsageRow): void {
  const originOffset = BigInt(row.origin.offset);
  const appendedAt = new Date(row.origin.appended_at);
  const receivedMs = Date.parse(row.usage.received_at);
  const carried = { offset: stream.decidedTo, pricedAtMs: receivedMs, bytes: 500 };
  const decided = { counted: [row], setAside: [] };
  stream.append({ ...carried, originOffset, appendedAt, ...decided }, receivedMs);
}
