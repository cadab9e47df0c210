import { IsInt, Max, Min, ValidateNested } from 'class-validator';
import { ClickHouseSettings } from '#clickhouse';
import { KafkaConsumerSettings } from '#kafka';
import { ServiceConfig } from '#platform';
import { DatabaseSettings } from '#postgres';
import { RedisSettings } from '#redis';

export class AggregatorConfig extends ServiceConfig {
  @ValidateNested()
  kafka = new KafkaConsumerSettings('aggregator');

  @ValidateNested()
  clickhouse = new ClickHouseSettings();

  @ValidateNested()
  database = new DatabaseSettings();

  @ValidateNested()
  redis = new RedisSettings();

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

  /** Bytes of records whose rows are decided and not stored, over all partitions of this process; a row takes several times its length. */
  @IsInt()
  @Min(1_048_576)
  waitingBytesMax = 134_217_728;

  /** Memory by which nearly every new id is known to be new without asking ClickHouse, shared by the partitions of this process. */
  @IsInt()
  @Min(1_048_576)
  filterBytesMax = 201_326_592;

  /** How long the usage of one project in one partition is counted while others wait: then it is passed over. */
  @IsInt()
  @Min(50)
  @Max(10_000)
  countingPassMsMax = 1_000;

  /** Counters that a project may add to in one such turn while others wait. */
  @IsInt()
  @Min(1_000)
  countingPassCountersMax = 200_000;

  /** Stored events that are summed at once for watches that do not hold them yet. */
  @IsInt()
  @Min(1_000)
  seedSliceEventsMax = 250_000;

  /** How often the usage of yesterday, today and tomorrow is audited; every other day is once a week. */
  @IsInt()
  @Min(1_000)
  auditEveryMs = 300_000;

  /** The payloads of quarantined and conflicting items; longer than their topic keeps what they were. */
  @IsInt()
  @Min(50)
  @Max(36_500)
  setAsidePayloadsKeptDays = 90;

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
