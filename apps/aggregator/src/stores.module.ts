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
      useFactory: (config: AggregatorConfig) => connectClickHouse(config.clickhouse),
    },
    {
      provide: POSTGRES,
      inject: [AggregatorConfig],
      useFactory: (config: AggregatorConfig) => connectPostgres(config.database.url),
    },
  ],
  exports: [CLICKHOUSE, POSTGRES],
})
export class StoresModule {}
