import { Clock, createLogger } from '#platform';
import type { Budget } from '#watches';
import { AggregatorPipeline } from '../../apps/aggregator/src/aggregator.pipeline.js';
import { AlertsSink } from '../../apps/aggregator/src/alerting/alerts.sink.js';
import { NoticeRaising } from '../../apps/aggregator/src/alerting/notice-raising.js';
import type { Seeding } from '../../apps/aggregator/src/counting/seeding/seeding.js';
import type { UsageCounting } from '../../apps/aggregator/src/counting/usage-counting.js';
import { Deciding } from '../../apps/aggregator/src/deciding/deciding.js';
import { FilterLoading } from '../../apps/aggregator/src/deciding/filter-loading.js';
import { KnownIdentities } from '../../apps/aggregator/src/deciding/known-identities.js';
import { OwnedPartitions } from '../../apps/aggregator/src/partitions/owned-partitions.js';
import { OwnershipSink } from '../../apps/aggregator/src/partitions/ownership.sink.js';
import { PlanStoring } from '../../apps/aggregator/src/storing/plan-storing.js';
import { RollupAudit } from '../../apps/aggregator/src/storing/rollup-audit.js';
import { RollupsSink } from '../../apps/aggregator/src/storing/rollups.sink.js';
import type { StoringBounds } from '../../apps/aggregator/src/storing/storing.ports.js';
import { UsageSink } from '../../apps/aggregator/src/storing/usage.sink.js';
import { countingOn, metrics } from '../integration/counting-process.js';
import type { FakeClickHouse } from './fake-clickhouse.js';
import { type FakeKafka, Fetching, TOPIC } from './fake-kafka.js';
import type { FakeRedis } from './fake-redis.js';
import type { FakePostgres } from './fake-postgres.js';
import { DAYS } from './priced-records.js';
import type { Actor, World } from './world.js';

const AUDIT_CHANCE = 0.002;
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

/** Each process has bounds of its own, as after a change of its settings: equal ones and crossed ones too. */
function drawBounds(world: World): StoringBounds {
  const planRowsMax = 1 + world.below(20);
  const waitingRowsMax = world.chance(0.2) ? planRowsMax : 1 + world.below(30);
  const waitingBytesMax = world.chance(0.5) ? Infinity : 1 + world.below(20_000);
  return { planRowsMax, waitingRowsMax, waitingBytesMax, storeEveryMs: world.below(400) };
}

/** The aggregator's own code as one process of the simulation, with fakes behind its ports. */
export class FakeAggregator {
  readonly actor: Actor;
  private readonly identities: KnownIdentities;
  private readonly partitions: OwnedPartitions;
  private readonly counting: UsageCounting;
  private readonly seeding: Seeding;
  private readonly storing: PlanStoring;
  private readonly pipeline: AggregatorPipeline;
  private readonly audit: RollupAudit;
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
    const bounds = drawBounds(world);
    const ownership = postgres.ownershipFor(this.actor);
    const store = clickhouse.storeFor(this.actor);
    const deciding = {
      identities: store,
      filterBytesMax: 128 << world.below(4),
      pageIdentitiesMax: 1 + world.below(10),
    };
    const loading = new FilterLoading(deciding, clock, metrics, logger);
    this.identities = new KnownIdentities(deciding, loading);
    this.partitions = new OwnedPartitions(
      { source: { cluster: 'c1', topic: TOPIC }, identities: this.identities },
      new OwnershipSink(ownership),
      metrics,
      logger,
    );
    const stores = redis.storesFor(this.actor, budgets, clickhouse, {
      ownership: postgres.countingOwnershipFor(this.actor),
      log: {
        ends: async () => {
          await world.turn(this.actor);
          return new Map(kafka.log.map((records, at) => [at, BigInt(records.length)]));
        },
      },
    });
    const alerts = new AlertsSink(stores.alerts, metrics, logger);
    const counting = {
      passMsMax: 20 + world.below(400),
      passCountersMax: 1 + world.below(12),
      sliceEventsMax: 1 + world.below(20),
      seedCallMax: 1 + world.below(20),
      recheckCallMax: 1 + world.below(3),
    };
    const present = { sink: alerts, clock, bounds: counting };
    ({ counting: this.counting, seeding: this.seeding } = countingOn(
      stores,
      this.partitions,
      present,
    ));
    const storing = {
      bounds,
      owned: this.partitions,
      notices: new NoticeRaising(alerts, metrics, logger),
      lock: postgres.lockFor(this.actor),
      store,
    };
    const rollups = new RollupsSink(store, metrics, logger);
    this.audit = new RollupAudit(storing, rollups, clock);
    const usage = { ...store, ...ownership };
    const sink = new UsageSink(storing, usage, this.audit, clock, metrics, logger);
    this.storing = new PlanStoring(storing, sink, clock, logger);
    this.pipeline = new AggregatorPipeline(
      this.partitions,
      new Deciding(deciding, clock, metrics, logger),
      this.counting,
      this.storing,
      logger,
    );
    void this.storeForEver();
    void this.countForEver();
    void this.seedForEver();
    void this.auditForEver();
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

  private async seedForEver(): Promise<void> {
    while (!this.actor.dead) {
      await this.world.turn(this.actor);
      await this.seeding.seed();
    }
  }

  private async auditForEver(): Promise<void> {
    while (!this.actor.dead) {
      await this.world.turn(this.actor);
      if (this.world.chance(AUDIT_CHANCE)) await this.audit.audit(DAYS).catch(() => undefined);
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
      const assigned = this.kafka.partitionsOf(this.actor);
      this.identities.share(assigned);
      for (const partition of assigned) void this.read(partition, this.generation);
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
