import {
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  IsUrl,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { KafkaConsumerSettings } from '#kafka';
import { ServiceConfig } from '#platform';
import { DatabaseSettings } from '#postgres';
import { SealingSettings } from '#sealing';

/** The environment that this process reads. */
export class NotifierConfig extends ServiceConfig {
  @ValidateNested()
  kafka = new KafkaConsumerSettings('notifier');

  @ValidateNested()
  database = new DatabaseSettings();

  @ValidateNested()
  sealing = new SealingSettings();

  /** Lets webhooks reach this machine and private networks: for platforms whose receivers live there. */
  @IsBoolean()
  webhookAllowPrivate = false;

  /** From the first packet of an attempt to the end of its answer. */
  @IsInt()
  @Min(100)
  @Max(60_000)
  attemptTimeoutMs = 15_000;

  /** Attempts in flight to endpoints that answer; to those in trouble as many again. */
  @IsInt()
  @Min(1)
  @Max(10_000)
  attemptsInFlightMax = 256;

  @IsInt()
  @Min(1)
  attemptsPerEndpointMax = 8;

  /** How often due deliveries are looked for. What was just raised does not wait for it. */
  @IsInt()
  @Min(10)
  @Max(60_000)
  pollEveryMs = 250;

  /** What was raised is known for so long at least: longer than a late event can reach a window that ended. */
  @IsInt()
  @Min(90)
  @Max(36_500)
  alertsKeptDays = 400;

  /** Deliveries and their attempts, once they ended. Longer than the schedule and what disables an endpoint take. */
  @IsInt()
  @Min(14)
  @Max(36_500)
  deliveriesKeptDays = 90;

  /** Where e-mail is handed in; without it e-mail endpoints fail. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['smtp', 'smtps'] })
  smtpUrl?: string;

  @IsString()
  smtpFrom = 'Reckoner <reckoner@localhost>';
}
