import { Module } from '@nestjs/common';
import { TOPICS } from '#contracts';
import type { ClusterView } from '#kafka';
import type { Postgres } from '#postgres';
import { PartitionOwnershipWrites } from '#postgres/writes';
import { CLUSTER_VIEW, ConnectionsModule, POSTGRES } from '../connections.module.js';
import { DecidingModule } from '../deciding/deciding.module.js';
import { KnownIdentities } from '../deciding/known-identities.js';
import { OwnedPartitions } from './owned-partitions.js';
import { OwnershipSink } from './ownership.sink.js';
import { PARTITIONS_PORTS, type PartitionsPorts } from './partitions.ports.js';

@Module({
  imports: [ConnectionsModule, DecidingModule],
  providers: [
    OwnedPartitions,
    {
      provide: OwnershipSink,
      inject: [POSTGRES],
      useFactory: (postgres: Postgres) => new OwnershipSink(new PartitionOwnershipWrites(postgres)),
    },
    {
      provide: PARTITIONS_PORTS,
      inject: [CLUSTER_VIEW, KnownIdentities],
      useFactory: async (
        view: ClusterView,
        identities: KnownIdentities,
      ): Promise<PartitionsPorts> => ({
        source: { cluster: await view.clusterId(), topic: TOPICS.usagePriced.name },
        identities,
      }),
    },
  ],
  exports: [OwnedPartitions],
})
export class PartitionsModule {}
