import { randomUUID } from 'node:crypto';
import { Module } from '@nestjs/common';
import { USAGE_PARTITIONS } from '#contracts';
import type { Redis } from '#redis';
import { PaceWrites } from '#redis/writes';
import { ConnectionsModule, REDIS } from '../connections.module.js';
import { OwnedPartitions } from '../partitions/owned-partitions.js';
import { PartitionsModule } from '../partitions/partitions.module.js';
import { Pacing } from './pacing.js';
import { PACING_PORTS, type PacingPorts } from './pacing.ports.js';
import { PacingSink } from './pacing.sink.js';

@Module({
  imports: [ConnectionsModule, PartitionsModule],
  providers: [
    Pacing,
    {
      provide: PACING_PORTS,
      inject: [OwnedPartitions],
      useFactory: (owned: OwnedPartitions): PacingPorts => ({
        owned,
        partitions: USAGE_PARTITIONS,
      }),
    },
    {
      provide: PacingSink,
      inject: [REDIS],
      useFactory: (redis: Redis) => new PacingSink(new PaceWrites(redis, randomUUID())),
    },
  ],
  exports: [Pacing],
})
export class PacingModule {}
