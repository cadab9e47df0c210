import { Module } from '@nestjs/common';
import {
  type ClickHouseClient,
  countIdentities,
  findIdentities,
  streamIdentities,
} from '#clickhouse';
import { AggregatorConfig } from '../aggregator.config.js';
import { CLICKHOUSE, ConnectionsModule } from '../connections.module.js';
import { Deciding } from './deciding.js';
import { DECIDING_PORTS, type DecidingPorts } from './deciding.ports.js';
import { KnownIdentities } from './known-identities.js';

const FILTER_IDENTITIES_MIN = 100_000;

@Module({
  imports: [ConnectionsModule],
  providers: [
    Deciding,
    KnownIdentities,
    {
      provide: DECIDING_PORTS,
      inject: [CLICKHOUSE, AggregatorConfig],
      useFactory: (
        clickhouse: ClickHouseClient,
        { filterIdentitiesMax }: AggregatorConfig,
      ): DecidingPorts => ({
        identities: {
          findIdentities: (search) => findIdentities(clickhouse, search),
          countIdentities: (partition) => countIdentities(clickhouse, partition),
          streamIdentities: (partition) => streamIdentities(clickhouse, partition),
        },
        filterIdentitiesMin: FILTER_IDENTITIES_MIN,
        filterIdentitiesMax,
      }),
    },
  ],
  exports: [Deciding, KnownIdentities],
})
export class DecidingModule {}
