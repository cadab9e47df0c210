import {
  IsBoolean,
  IsInt,
  IsOptional,
  IsUrl,
  Matches,
  Max,
  Min,
  Validate,
  ValidateNested,
  type ValidationArguments,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { ClickHouseSettings } from '#clickhouse';
import { KafkaSettings } from '#kafka';
import { ServiceConfig } from '#platform';
import { DatabaseSettings } from '#postgres';
import { stripeSettingsProblem } from '#stripe';

/** Says what `libs/stripe` would refuse to connect with, together with every other wrong variable. */
@ValidatorConstraint()
class SafeStripeSettings implements ValidatorConstraintInterface {
  validate(_: unknown, { object }: ValidationArguments): boolean {
    return stripeSettingsProblem((object as BillingConfig).stripe()) === null;
  }

  defaultMessage({ object }: ValidationArguments): string {
    return stripeSettingsProblem((object as BillingConfig).stripe()) ?? '';
  }
}

/** The environment that this process reads. */
export class BillingConfig extends ServiceConfig {
  /** For how far usage is stored. */
  @ValidateNested()
  kafka = new KafkaSettings();

  @ValidateNested()
  clickhouse = new ClickHouseSettings();

  @ValidateNested()
  database = new DatabaseSettings();

  @Matches(/^[sr]k_(test|live)_\w+$/, { message: 'the value must be a secret key of Stripe' })
  @Validate(SafeStripeSettings)
  stripeSecretKey!: string;

  /** Where the simulator listens. Absent: Stripe itself. */
  @IsOptional()
  @IsUrl({ require_tld: false, require_protocol: true, protocols: ['http'] })
  stripeUrl?: string;

  /** The explicit switch without which a live key is refused. */
  @IsBoolean()
  stripeAllowLive = false;

  @IsInt()
  @Min(100)
  @Max(80_000)
  stripeTimeoutMs = 20_000;

  stripe() {
    return {
      secretKey: this.stripeSecretKey,
      url: this.stripeUrl,
      allowLive: this.stripeAllowLive,
      timeoutMs: this.stripeTimeoutMs,
    };
  }

  /** Whether Stripe is the simulator, where nobody is billed. */
  isSimulated(): boolean {
    return this.stripeUrl !== undefined;
  }
}
