import { ValidateNested } from 'class-validator';
import { ClickHouseSettings } from '#clickhouse';
import { KafkaSettings } from '#kafka';
import { OwnerDatabaseSettings } from '#postgres';
import { SealingSettings } from '#sealing';

/** Where the stores are that `setup.ts` prepares. */
export class SetupConfig {
  @ValidateNested()
  kafka = new KafkaSettings();

  @ValidateNested()
  clickhouse = new ClickHouseSettings();

  @ValidateNested()
  database = new OwnerDatabaseSettings();

  @ValidateNested()
  sealing = new SealingSettings();
}
