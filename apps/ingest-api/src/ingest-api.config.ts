import { IsInt, Max, Min, ValidateNested } from 'class-validator';
import { KafkaSettings } from '#kafka';
import { LimitSettings } from '#limits';
import { ServiceConfig } from '#platform';
import { DatabaseSettings } from '#postgres';
import { RedisSettings } from '#redis';

const MIB = 1024 * 1024;

export class IngestApiConfig extends ServiceConfig {
  @ValidateNested()
  kafka = new KafkaSettings();

  @ValidateNested()
  database = new DatabaseSettings();

  /** Where doors share what projects have used; without it each holds the limits by itself. */
  @ValidateNested()
  redis = new RedisSettings();

  @ValidateNested()
  limits = new LimitSettings();

  /** Bytes of a body as it comes over the wire. */
  @IsInt()
  @Min(1024)
  @Max(64 * MIB)
  bodyBytesMax = MIB;

  /** Bytes of a body after decompression. */
  @IsInt()
  @Min(1024)
  @Max(64 * MIB)
  unpackedBytesMax = 8 * MIB;

  /** Bytes of bodies that are held at once, received and unpacked; more is answered 503. No project has more than half of them. */
  @IsInt()
  @Min(16 * MIB)
  heldBodiesBytesMax = 256 * MIB;

  /** From the first byte of a request to its last. */
  @IsInt()
  @Min(100)
  requestTimeoutMs = 10_000;

  /** Open at once; one more is closed before it is heard. */
  @IsInt()
  @Min(1)
  connectionsMax = 4_096;

  /** What may wait for Kafka at once; more is answered 503. */
  @IsInt()
  @Min(MIB)
  waitingCharactersMax = 64 * MIB;
}
