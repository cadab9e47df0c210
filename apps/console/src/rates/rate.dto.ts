import { ApiProperty, ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { IsIn, IsInt, IsNumber, IsOptional, Matches, Max, Min, ValidateIf } from 'class-validator';
import { amountDescription, RATE_MEASURES, type RateMeasure } from '#meters';
import { AMOUNT_MESSAGE, AMOUNT_TEXT } from '../watches/amount-text.js';
import { CannotChange, ChangeWatchDto, CreateWatchDto, WatchDto } from '../watches/watch.dto.js';

const OVER_SECONDS_MIN = 10;
const OVER_SECONDS_MAX = 86_400;
const CHANGE_PERCENT_MAX = 100_000;
const EVENTS_MIN_MAX = 1_000_000_000;

/** What stands in a request to create and in one to change alike, all of it optional. */
class RateBoundsDto {
  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: amountDescription(RATE_MEASURES),
  })
  @IsOptional()
  @Matches(AMOUNT_TEXT, { message: AMOUNT_MESSAGE })
  limit?: string | null;

  @ApiPropertyOptional({
    type: Number,
    nullable: true,
    description: 'Instead of `limit`: above the same hour of the seven days before.',
  })
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(CHANGE_PERCENT_MAX)
  change_percent?: number | null;

  @ApiPropertyOptional({
    type: 'integer',
    default: 1,
    description: 'Fewer events than this in the span: no statement.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @Max(EVENTS_MIN_MAX)
  @Min(1)
  @IsInt()
  events_min?: number;
}

export class CreateRateDto extends IntersectionType(CreateWatchDto, RateBoundsDto) {
  @ApiProperty({ enum: RATE_MEASURES })
  @IsIn(RATE_MEASURES)
  on!: RateMeasure;

  @ApiProperty({
    type: 'integer',
    minimum: OVER_SECONDS_MIN,
    maximum: OVER_SECONDS_MAX,
    description: 'The sliding span, which moves on by sixtieths.',
  })
  @Max(OVER_SECONDS_MAX)
  @Min(OVER_SECONDS_MIN)
  @IsInt()
  over_seconds!: number;
}

export class ChangeRateDto extends IntersectionType(ChangeWatchDto, RateBoundsDto) {
  @CannotChange()
  over_seconds?: never;
}

export class RateDto extends IntersectionType(
  WatchDto,
  PickType(CreateRateDto, ['on', 'over_seconds']),
) {
  @ApiProperty({ type: String, nullable: true })
  limit!: string | null;

  @ApiProperty({ type: Number, nullable: true })
  change_percent!: number | null;

  @ApiProperty({ type: 'integer' })
  events_min!: number;
}
