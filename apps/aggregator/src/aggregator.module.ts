import { Module } from '@nestjs/common';
import { AggregatorController } from './aggregator.controller.js';
import { AggregatorPipeline } from './aggregator.pipeline.js';
import { AggregatorScheduler } from './aggregator.scheduler.js';
import { AnomaliesModule } from './anomalies/anomalies.module.js';
import { ConnectionsModule } from './connections.module.js';
import { CountingModule } from './counting/counting.module.js';
import { DecidingModule } from './deciding/deciding.module.js';
import { PacingModule } from './pacing/pacing.module.js';
import { PartitionsModule } from './partitions/partitions.module.js';
import { StoringModule } from './storing/storing.module.js';

@Module({
  imports: [
    ConnectionsModule,
    PartitionsModule,
    DecidingModule,
    CountingModule,
    StoringModule,
    AnomaliesModule,
    PacingModule,
  ],
  controllers: [AggregatorController],
  providers: [AggregatorPipeline, AggregatorScheduler],
})
export class AggregatorModule {}
