import { Clock, createLogger } from '#platform';
import type { Budget } from '#watches';
import { AggregatorMetrics } from '../../apps/aggregator/src/aggregator.metrics.js';
import { AggregatorPipeline } from '../../apps/aggregator/src/aggregator.pipeline.js';
import type { AggregatorPorts } from '../../apps/aggregator/src/aggregator.ports.js';
import { AggregatorSink } from '../../apps/aggregator/src/aggregator.sink.js';
import { NoticeRaising } from '../../apps/aggregator/src/alerting/notice-raising.js';
import { AlertRaising } from '../../apps/aggregator/src/counting/alert-raising.js';
import { RaisedAlerts } from '../../apps/aggregator/src/counting/raised-alerts.js';
import { RateBaselines } from '../../apps/aggregator/src/counting/rate-baselines.js';
import { SlidingJudging } from '../../apps/aggregator/src/counting/sliding-judging.js';
import { UsageCounting } from '../../apps/aggregator/src/counting/usage-counting.js';
import { WatchBook } from '../../apps/aggregator/src/counting/watch-book.js';
import { OwnedPartitions } from '../../apps/aggregator/src/owned-partitions.js';
import { PlanStoring } from '../../apps/aggregator/src/plan-storing.js';
import { RollupAudit } from '../../apps/aggregator/src/rollup-audit.js';
import type { FakeClickHouse } from './fake-clickhouse.js';
import { type FakeKafka, Fetching, TOPIC } from './fake-kafka.js';
import type { FakeRedis } from './fake-redis.js';
import type { FakePostgres } from './fake-postgres.js';
import type { Actor, World } from './world.js';

const metrics = new AggregatorMetrics();
const logger = createLogger('simulation', 'fatal');

class SimulatedClock extends Clock {
  constructor(
    private readonly world: World,
    private readonly actor: Actor,
  ) {
    super();
  }

  override now(): number {
    return this.world.timeMs;
  }

  override sleep(): Promise<void> {
    return this.world.turn(this.actor);
  }
}

/** The aggregator's own code as one process of the simulation, with fakes behind its ports. */
export class FakeAggregator {
  readonly actor: Actor;
  private readonly partitions: OwnedPartitions;
  private readonly counting: UsageCounting;
  private readonly storing: PlanStoring;
  private readonly pipeline: AggregatorPipeline;
  private generation = 0;

  constructor(
    name: string,
    private readonly world: World,
    private readonly kafka: FakeKafka,
    clickhouse: FakeClickHouse,
    postgres: FakePostgres,
    redis: FakeRedis,
    budgets: () => Budget[],
  ) {
    this.actor = world.actor(name);
    const clock = new SimulatedClock(world, this.actor);
    const ports: AggregatorPorts = {
      source: { cluster: 'c1', topic: TOPIC },
      bounds: {
        planRowsMax: 1 + world.below(12),
        storeEveryMs: world.below(400),
        waitingRowsMax: 20,
        filterIdentitiesMin: 8,
        filterIdentitiesMax: 64,
      },
      ownership: postgres.ownershipFor(this.actor),
      lock: postgres.lockFor(this.actor),
      store: clickhouse.storeFor(this.actor),
    };
    const rollups = new RollupAudit(ports.lock, ports.store, clock, metrics, logger);
    const counting = {
      ...redis.portsFor(this.actor, budgets, clickhouse),
      ownership: postgres.countingOwnershipFor(this.actor),
      log: {
        ends: async () => {
          await world.turn(this.actor);
          return new Map(kafka.log.map((records, at) => [at, BigInt(records.length)]));
        },
      },
    };
    const notices = new NoticeRaising(counting, metrics, logger);
    const sink = new AggregatorSink(ports, rollups, notices, clock, metrics, logger);
    this.partitions = new OwnedPartitions(ports, metrics, logger);
    const book = new WatchBook(counting);
    const judging = new SlidingJudging(counting, book);
    this.counting = new UsageCounting(
      counting,
      this.partitions,
      book,
      new AlertRaising(counting),
      judging,
      new RateBaselines(counting, book, logger),
      new RaisedAlerts(counting, book, judging),
      clock,
      metrics,
      logger,
    );
    this.storing = new PlanStoring(ports, this.partitions, sink, clock, logger);
    this.pipeline = new AggregatorPipeline(
      ports,
      this.partitions,
      this.counting,
      this.storing,
      clock,
      metrics,
      logger,
    );
    void this.storeForEver();
    void this.countForEver();
    void this.followTheGroup();
  }

  private async storeForEver(): Promise<void> {
    while (!this.actor.dead) {
      await this.world.turn(this.actor);
      await this.storing.storeDue().catch(() => undefined);
    }
  }

  private async countForEver(): Promise<void> {
    while (!this.actor.dead) {
      await this.world.turn(this.actor);
      await this.counting.followAll().catch(() => undefined);
      await this.counting.watch().catch(() => undefined);
    }
  }

  private async followTheGroup(): Promise<void> {
    while (!this.actor.dead) {
      await this.world.turn(this.actor);
      if (this.kafka.generation === this.generation) continue;
      const former = this.generation;
      this.generation = this.kafka.generation;
      const all = this.kafka.log.map((_, partition) => partition);
      void this.pipeline.giveUp(all, former);
      for (const partition of this.kafka.partitionsOf(this.actor))
        void this.read(partition, this.generation);
    }
  }

  private async read(partition: number, generation: number): Promise<void> {
    const isCurrent = () => generation === this.generation;
    const startAt = await this.startAt(partition, generation, isCurrent);
    const fetching = new Fetching(
      this.kafka,
      this.world,
      partition,
      generation,
      () => this.generation,
      startAt,
    );
    while (isCurrent() && !this.actor.dead) {
      await this.world.turn(this.actor);
      const batch = fetching.batch();
      if (batch) await this.pipeline.accept(batch).catch(() => undefined);
    }
  }

  private async startAt(
    partition: number,
    generation: number,
    isCurrent: () => boolean,
  ): Promise<number> {
    while (isCurrent()) {
      try {
        return Number(await this.partitions.takeOver(partition, generation));
      } catch {
        await this.world.turn(this.actor);
      }
    }
    return 0;
  }
}
