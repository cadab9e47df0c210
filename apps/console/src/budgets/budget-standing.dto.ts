import { ApiProperty, ApiPropertyOptional, IntersectionType, OmitType } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import type { CounterKey } from '#contracts';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { BudgetDto } from './budget.dto.js';
import { COUNTER_STATES, type CounterState } from './counter-state.js';

const VALUE_TEXT = /^[^\0\p{Cs}]{1,1000}$/u;

/** Where a counter stands. Amounts are decimal strings in the measure's unit. */
export class CounterStandingDto {
  @ApiProperty({ enum: COUNTER_STATES })
  state!: CounterState;

  @ApiProperty({ type: String, nullable: true })
  spent!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Below zero once it is overspent.' })
  remaining!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Null for a lifetime.' })
  window_start!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Exclusive. Null for a lifetime.' })
  window_end!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Every event acknowledged before is counted, and later ones may be.',
  })
  as_of!: string | null;
}

export class BudgetCounterDto extends CounterStandingDto {
  @ApiProperty({ type: Object, example: { customer: 'acme' } })
  key!: CounterKey;
}

class OfOneCounterDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the budget cannot be computed and counts nothing; null when it counts.',
  })
  set_aside!: string | null;

  @ApiProperty({ description: 'A raise in force included.' })
  limit_in_force!: string;

  @ApiProperty({
    enum: COUNTER_STATES,
    nullable: true,
    description: 'Like all that follows null where `per` is set: see the counters.',
  })
  state!: CounterState | null;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'Events in the window whose cost is unknown; null where it is not at hand.',
  })
  unpriced_events!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'At the end of a calendar window, on its pace so far.',
  })
  projected_value!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'When that pace reaches the limit.' })
  exhausted_at!: string | null;
}

export class StandingBudgetDto extends IntersectionType(
  BudgetDto,
  OfOneCounterDto,
  OmitType(CounterStandingDto, ['state']),
) {}

export class ListCountersQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ description: 'Only counters of this customer.' })
  @IsOptional()
  @Matches(VALUE_TEXT, { message: '$property must be a string of 1 to 1,000 characters' })
  customer?: string;
}
