import { IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import { KafkaConsumerSettings } from '#kafka';
import { ServiceConfig } from '#platform';

/** The environment that this process reads. */
export class PricingWorkerConfig extends ServiceConfig {
  @ValidateNested()
  kafka = new KafkaConsumerSettings('pricing-worker');

  /** From writing priced records to the brokers' acknowledgement, at most. */
  @IsInt()
  @Min(100)
  @Max(60_000)
  ackTimeoutMs = 5_000;

  /** Priced bytes of one send: bounds how long other partitions wait for this one. */
  @IsInt()
  @Min(1_024)
  sendBytesMax = 2_097_152;

  /** A JSON file of models whose prices replace or extend the packaged price data. */
  @IsOptional()
  @IsString()
  priceOverrides?: string;
}
