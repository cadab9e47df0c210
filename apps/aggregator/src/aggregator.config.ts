import { IsArray, IsInt, IsOptional, IsString, IsUrl, Max, Min } from 'class-validator';
import { ServiceConfig } from '#platform';

export class AggregatorConfig extends ServiceConfig {
  @IsArray()
  @IsString({ each: true })
  kafkaBrokers: string[] = ['127.0.0.1:4092'];

  @IsString()
  kafkaGroupId = 'aggregator';

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http', 'https'] })
  clickhouseUrl = 'http://127.0.0.1:4123';

  @IsString()
  clickhouseDatabase = 'reckoner';

  @IsOptional()
  @IsString()
  clickhouseUser?: string;

  @IsOptional()
  @IsString()
  clickhousePassword?: string;

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['postgres', 'postgresql'] })
  databaseUrl!: string;

  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['redis', 'rediss'] })
  redisUrl!: string;

  /** How long decided rows gather before they are stored. */
  @IsInt()
  @Min(10)
  @Max(60_000)
  storeEveryMs = 500;

  /** Rows of one insert. */
  @IsInt()
  @Min(1)
  @Max(100_000)
  planRowsMax = 50_000;

  /** Decided rows of one partition above which its delivery pauses. */
  @IsInt()
  @Min(1)
  waitingRowsMax = 30_000;

  /** Identities of one partition up to which nearly every new id is known to be new without asking ClickHouse; 1.5 bytes each. */
  @IsInt()
  @Min(1_000)
  filterIdentitiesMax = 16_000_000;

  /** How often the rollups of the last two days are compared with the raw rows. */
  @IsInt()
  @Min(1_000)
  auditEveryMs = 300_000;

  /** How often breaches are looked at: for windows that ended, and for reminders that are due. */
  @IsInt()
  @Min(100)
  @Max(60_000)
  breachesEveryMs = 2_000;

  /** How often budgets with `projected` are projected. */
  @IsInt()
  @Min(1_000)
  projectionsEveryMs = 60_000;

  /** How often anomalies are looked for. */
  @IsInt()
  @Min(1_000)
  anomaliesEveryMs = 300_000;
}
