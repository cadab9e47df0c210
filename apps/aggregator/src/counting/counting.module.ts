import { Module } from '@nestjs/common';
import {
  type ClickHouseClient,
  readUsageExtents,
  readUsageHours,
  readUsualHours,
  streamSliding,
  streamUsage,
} from '#clickhouse';
import { TOPICS, USAGE_PARTITIONS } from '#contracts';
import type { ClusterView } from '#kafka';
import {
  lastAlertSequence,
  lastWatchAlerts,
  PartitionOwnership,
  type Postgres,
  watchAlertsAfter,
} from '#postgres';
import { CounterMarks, type Redis, SlidingStates } from '#redis';
import { CounterWrites, ProjectEndWrites, SlidingStateWrites } from '#redis/writes';
import { AggregatorConfig } from '../aggregator.config.js';
import { AlertingModule } from '../alerting/alerting.module.js';
import { AlertRaising } from '../alerting/alert-raising.js';
import {
  CLICKHOUSE,
  CLUSTER_VIEW,
  ConnectionsModule,
  POSTGRES,
  REDIS,
} from '../connections.module.js';
import { OwnedPartitions } from '../partitions/owned-partitions.js';
import { PartitionsModule } from '../partitions/partitions.module.js';
import { CountersSink } from './counters.sink.js';
import { COUNTING_PORTS, type CountingPorts } from './counting.ports.js';
import { EndedProjects } from './ended-projects.js';
import { ProjectCountings } from './project-countings.js';
import { RefusedCounters } from './refused-counters.js';
import { Seeding } from './seeding/seeding.js';
import { RaisedAlerts } from './sliding/raised-alerts.js';
import { RateBaselines } from './sliding/rate-baselines.js';
import { SlidingJudging } from './sliding/sliding-judging.js';
import { UsageCounting } from './usage-counting.js';

/** Some 5 ms of Redis' time. */
const SEED_CALL_MAX = 600;
/** Some 2 ms of Redis' time, also where every counter is told of. */
const RECHECK_CALL_MAX = 1_000;

@Module({
  imports: [ConnectionsModule, PartitionsModule, AlertingModule],
  providers: [
    EndedProjects,
    ProjectCountings,
    RaisedAlerts,
    RateBaselines,
    RefusedCounters,
    Seeding,
    SlidingJudging,
    UsageCounting,
    {
      provide: CountersSink,
      inject: [REDIS],
      useFactory: (redis: Redis) =>
        new CountersSink({
          counters: new CounterWrites(redis),
          states: new SlidingStateWrites(redis),
          ends: new ProjectEndWrites(redis),
        }),
    },
    {
      provide: COUNTING_PORTS,
      inject: [
        OwnedPartitions,
        AlertRaising,
        CLICKHOUSE,
        POSTGRES,
        REDIS,
        CLUSTER_VIEW,
        AggregatorConfig,
      ],
      useFactory: (
        owned: OwnedPartitions,
        alerts: AlertRaising,
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        redis: Redis,
        view: ClusterView,
        config: AggregatorConfig,
      ): CountingPorts => ({
        partitions: USAGE_PARTITIONS,
        owned,
        ownership: {
          isHeld: ({ epoch, ...partition }) =>
            new PartitionOwnership(postgres).isHeld(
              { ...partition, topic: TOPICS.usagePriced.name },
              epoch,
            ),
        },
        marks: new CounterMarks(redis),
        states: new SlidingStates(redis),
        raised: {
          lastOf: (project, watches) => lastWatchAlerts(postgres, project, watches),
          after: (sequence, limit) => watchAlertsAfter(postgres, sequence, limit),
          lastSequence: () => lastAlertSequence(postgres),
        },
        stored: {
          sums: (asked) => streamUsage(clickhouse, asked),
          slidingSums: (asked) => streamSliding(clickhouse, asked),
          hours: (project, fromMs) => readUsageHours(clickhouse, project, fromMs),
          extents: (asked) => readUsageExtents(clickhouse, asked),
        },
        usualHours: { of: (rate, hourMs) => readUsualHours(clickhouse, rate, hourMs) },
        log: { ends: () => endsOf(view) },
        alerts,
        bounds: {
          passMsMax: config.countingPassMsMax,
          passCountersMax: config.countingPassCountersMax,
          sliceEventsMax: config.seedSliceEventsMax,
          seedCallMax: SEED_CALL_MAX,
          recheckCallMax: RECHECK_CALL_MAX,
        },
      }),
    },
  ],
  exports: [EndedProjects, Seeding, UsageCounting],
})
export class CountingModule {}

async function endsOf(view: ClusterView): Promise<Map<number, bigint>> {
  const ends = await view.topicEnds(TOPICS.usagePriced.name);
  return new Map(ends.map(({ partition, high }) => [partition, BigInt(high)]));
}
