import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { LIMIT_DEFAULTS, LIMITED_KINDS, type LimitedKind } from '#postgres';

/** Above it, lists that are read whole would no longer be short. */
const LIMIT_MAX = 100_000;

function Limit(kind: LimitedKind): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({
      type: 'integer',
      nullable: true,
      minimum: 0,
      maximum: LIMIT_MAX,
      default: LIMIT_DEFAULTS[kind],
      description: 'Null for the default.',
    }),
    IsOptional(),
    Max(LIMIT_MAX),
    Min(0),
    IsInt(),
  );
}

/** A kind that is not named keeps its own. */
export class ChangeLimitsDto implements Partial<Record<LimitedKind, number | null>> {
  @Limit('budgets')
  budgets?: number | null;

  @Limit('rates')
  rates?: number | null;

  @Limit('mutes')
  mutes?: number | null;

  @Limit('webhook_endpoints')
  webhook_endpoints?: number | null;

  @Limit('keys')
  keys?: number | null;

  @Limit('applications')
  applications?: number | null;

  @Limit('counters_per_event')
  counters_per_event?: number | null;
}

export class LimitsDto implements Record<LimitedKind, number> {
  @ApiProperty({ type: 'integer' })
  budgets!: number;

  @ApiProperty({ type: 'integer' })
  rates!: number;

  @ApiProperty({ type: 'integer', description: 'In force at a time.' })
  mutes!: number;

  @ApiProperty({ type: 'integer', description: 'Disabled ones included.' })
  webhook_endpoints!: number;

  @ApiProperty({ type: 'integer', description: 'Without tokens of applications.' })
  keys!: number;

  @ApiProperty({ type: 'integer' })
  applications!: number;

  @ApiProperty({
    type: 'integer',
    description: 'Of all budgets and rates: what one event may add to at most.',
  })
  counters_per_event!: number;
}

export class UsedLimitDto {
  @ApiProperty({ enum: LIMITED_KINDS })
  kind!: LimitedKind;

  @ApiProperty({ type: 'integer' })
  most!: number;

  @ApiProperty({ type: 'integer' })
  used!: number;
}

export class UsedLimitsDto {
  @ApiProperty({ type: UsedLimitDto, isArray: true })
  data!: UsedLimitDto[];
}
