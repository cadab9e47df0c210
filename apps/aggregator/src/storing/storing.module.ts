import { Module } from '@nestjs/common';
import {
  type ClickHouseClient,
  compareRollups,
  countInsertsUnderWay,
  cutComparison,
  findIdentities,
  payloadsToEnd,
  findRepeated,
  InsertDeadlines,
  rawPositions,
  setAsidePositions,
  storedDays,
} from '#clickhouse';
import {
  correctRollups,
  endPayloads,
  insertIdentities,
  insertUsageRaw,
  insertUsageSetAside,
  removeRepeated,
} from '#clickhouse/writes';
import { Clock, LOGGER, type Logger } from '#platform';
import { type Postgres, StoringLock } from '#postgres';
import { PartitionOwnershipWrites } from '#postgres/writes';
import { AggregatorConfig } from '../aggregator.config.js';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { AlertingModule } from '../alerting/alerting.module.js';
import { NoticeRaising } from '../alerting/notice-raising.js';
import { CLICKHOUSE, ConnectionsModule, POSTGRES } from '../connections.module.js';
import { OwnedPartitions } from '../partitions/owned-partitions.js';
import { PartitionsModule } from '../partitions/partitions.module.js';
import { AuditRounds } from './audit-rounds.js';
import { PayloadEnding } from './payload-ending.js';
import { PayloadsSink } from './payloads.sink.js';
import { PlanStoring } from './plan-storing.js';
import { RollupAudit } from './rollup-audit.js';
import { RollupsSink } from './rollups.sink.js';
import { STORING_PORTS, type StoringPorts } from './storing.ports.js';
import { UsageSink, type UsageWritePort } from './usage.sink.js';

@Module({
  imports: [ConnectionsModule, PartitionsModule, AlertingModule],
  providers: [
    PlanStoring,
    {
      provide: STORING_PORTS,
      inject: [AggregatorConfig, OwnedPartitions, NoticeRaising, CLICKHOUSE, POSTGRES],
      useFactory: (
        { planRowsMax, storeEveryMs, waitingRowsMax, waitingBytesMax }: AggregatorConfig,
        owned: OwnedPartitions,
        notices: NoticeRaising,
        clickhouse: ClickHouseClient,
        postgres: Postgres,
      ): StoringPorts => {
        const deadlines = new InsertDeadlines(clickhouse);
        return {
          bounds: { planRowsMax, storeEveryMs, waitingRowsMax, waitingBytesMax },
          owned,
          notices,
          lock: new StoringLock(postgres),
          store: {
            insertUntilMs: () => deadlines.next(),
            findIdentities: (search) => findIdentities(clickhouse, search),
            rawPositions: (token, rows) => rawPositions(clickhouse, token, rows),
            setAsidePositions: (extent) => setAsidePositions(clickhouse, extent),
            insertsUnderWay: () => countInsertsUnderWay(clickhouse),
            cutComparison: (slices) => cutComparison(clickhouse, slices),
            compareRollups: (slices) => compareRollups(clickhouse, slices),
            findRepeated: (slices) => findRepeated(clickhouse, slices),
          },
        };
      },
    },
    {
      provide: RollupsSink,
      inject: [CLICKHOUSE, AggregatorMetrics, LOGGER],
      useFactory: (clickhouse: ClickHouseClient, metrics: AggregatorMetrics, logger: Logger) =>
        new RollupsSink(
          {
            removeRepeated: (slices, identities) => removeRepeated(clickhouse, slices, identities),
            correctRollups: (slices, untilMs) => correctRollups(clickhouse, slices, untilMs),
          },
          metrics,
          logger,
        ),
    },
    {
      provide: RollupAudit,
      inject: [STORING_PORTS, RollupsSink, Clock],
      useFactory: (ports: StoringPorts, sink: RollupsSink, clock: Clock) =>
        new RollupAudit(ports, sink, clock),
    },
    {
      provide: AuditRounds,
      inject: [AggregatorConfig, CLICKHOUSE, RollupAudit, Clock],
      useFactory: (
        { auditEveryMs: everyMs }: AggregatorConfig,
        clickhouse: ClickHouseClient,
        audit: RollupAudit,
        clock: Clock,
      ) => new AuditRounds({ everyMs, storedDays: () => storedDays(clickhouse) }, audit, clock),
    },
    {
      provide: PayloadsSink,
      inject: [CLICKHOUSE, LOGGER],
      useFactory: (clickhouse: ClickHouseClient, logger: Logger) =>
        new PayloadsSink(
          { endPayloads: (day, before) => endPayloads(clickhouse, day, before) },
          logger,
        ),
    },
    {
      provide: PayloadEnding,
      inject: [AggregatorConfig, CLICKHOUSE, PayloadsSink, Clock],
      useFactory: (
        { setAsidePayloadsKeptDays: keptDays }: AggregatorConfig,
        clickhouse: ClickHouseClient,
        sink: PayloadsSink,
        clock: Clock,
      ) => {
        const payloads = { toEnd: (before: Date) => payloadsToEnd(clickhouse, before) };
        return new PayloadEnding({ payloads, keptDays }, sink, clock);
      },
    },
    {
      provide: UsageSink,
      inject: [STORING_PORTS, CLICKHOUSE, POSTGRES, RollupAudit, Clock, AggregatorMetrics, LOGGER],
      useFactory: (
        ports: StoringPorts,
        clickhouse: ClickHouseClient,
        postgres: Postgres,
        audit: RollupAudit,
        clock: Clock,
        metrics: AggregatorMetrics,
        logger: Logger,
      ) => {
        const ownership = new PartitionOwnershipWrites(postgres);
        const usage: UsageWritePort = {
          writePlan: (key, epoch, plan) => ownership.writePlan(key, epoch, plan),
          finishPlan: (key, epoch, stored) => ownership.finishPlan(key, epoch, stored),
          insertRaw: (rows, tokens) => insertUsageRaw(clickhouse, rows, tokens),
          insertSetAside: (rows, tokens) => insertUsageSetAside(clickhouse, rows, tokens),
          insertIdentities: (rows, tokens) => insertIdentities(clickhouse, rows, tokens),
        };
        return new UsageSink(ports, usage, audit, clock, metrics, logger);
      },
    },
  ],
  exports: [AuditRounds, PayloadEnding, PlanStoring],
})
export class StoringModule {}
