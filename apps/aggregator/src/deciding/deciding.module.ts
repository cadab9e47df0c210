import { Module } from '@nestjs/common';
import { type ClickHouseClient, findIdentities, readIdentityPage } from '#clickhouse';
import { AggregatorConfig } from '../aggregator.config.js';
import { CLICKHOUSE, ConnectionsModule } from '../connections.module.js';
import { Deciding } from './deciding.js';
import { DECIDING_PORTS, type DecidingPorts } from './deciding.ports.js';
import { FilterLoading } from './filter-loading.js';
import { KnownIdentities } from './known-identities.js';

/** 2 MB of an answer, and some ten milliseconds of ClickHouse's time: other questions find their turn between two pages. */
const PAGE_IDENTITIES_MAX = 250_000;

@Module({
  imports: [ConnectionsModule],
  providers: [
    Deciding,
    FilterLoading,
    KnownIdentities,
    {
      provide: DECIDING_PORTS,
      inject: [CLICKHOUSE, AggregatorConfig],
      useFactory: (
        clickhouse: ClickHouseClient,
        { filterBytesMax }: AggregatorConfig,
      ): DecidingPorts => ({
        identities: {
          findIdentities: (search) => findIdentities(clickhouse, search),
          readIdentityPage: (asked) => readIdentityPage(clickhouse, asked),
        },
        filterBytesMax,
        pageIdentitiesMax: PAGE_IDENTITIES_MAX,
      }),
    },
  ],
  exports: [Deciding, KnownIdentities],
})
export class DecidingModule {}
