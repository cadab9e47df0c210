import { IsInt, IsString, Max, Min, MinLength, ValidateNested } from 'class-validator';
import { ClickHouseSettings } from '#clickhouse';
import { KafkaSettings } from '#kafka';
import { ServiceConfig } from '#platform';
import { DatabaseSettings } from '#postgres';
import { RedisSettings } from '#redis';
import { SealingSettings } from '#sealing';

export class ConsoleConfig extends ServiceConfig {
  @ValidateNested()
  kafka = new KafkaSettings();

  @ValidateNested()
  clickhouse = new ClickHouseSettings();

  @ValidateNested()
  database = new DatabaseSettings();

  @ValidateNested()
  redis = new RedisSettings();

  @ValidateNested()
  sealing = new SealingSettings();

  /** Makes projects and their first keys. */
  @IsString()
  @MinLength(20)
  adminKey!: string;

  /** Tests, resends and replays of a project, over windows of ten seconds. */
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  sendsPerSecondMax = 5;

  /** How long it can be told who changed what. */
  @IsInt()
  @Min(30)
  @Max(36_500)
  managingCallsKeptDays = 400;
}
