import { Module } from '@nestjs/common';
import { connectClickHouse } from '#clickhouse';
import { connectPostgres } from '#postgres';
import { AggregatorConfig } from './aggregator.config.js';

export const CLICKHOUSE = Symbol('clickhouse');
export const POSTGRES = Symbol('postgres');

/** The two connections that storing and counting share. */
@Module({
  providers: [
    {
      provide: CLICKHOUSE,
      inject: [AggregatorConfig],
      useFactory: (config: AggregatorConfig) =>
        connectClickHouse({
          url: config.clickhouseUrl,
          database: config.clickhouseDatabase,
          username: config.clickhouseUser,
          password: config.clickhousePassword,
        }),
    },
    {
      provide: POSTGRES,
      inject: [AggregatorConfig],
      useFactory: (config: AggregatorConfig) => connectPostgres(config.databaseUrl),
    },
  ],
  exports: [CLICKHOUSE, POSTGRES],
})
export class StoresModule {}
