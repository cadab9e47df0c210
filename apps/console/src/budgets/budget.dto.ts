import { ApiProperty, ApiPropertyOptional, IntersectionType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { amountDescription, BUDGET_MEASURES, type BudgetMeasure } from '#meters';
import { IsMoment } from '../usage/moment.js';
import { AMOUNT_MESSAGE, AMOUNT_TEXT } from '../watches/amount-text.js';
import { CannotChange, ChangeWatchDto, CreateWatchDto, WatchDto } from '../watches/watch.dto.js';
import { BudgetWindowDto } from './budget-window.dto.js';

const THRESHOLDS_MAX = 20;
const THRESHOLDS_MESSAGE = `$property must be a list of up to ${THRESHOLDS_MAX} thresholds, each once`;
/** A share of the limit up to 1,000 %, or an amount. */
const THRESHOLD_TEXT = /^(?=.*[1-9])(?:(?:1000|\d{1,3}(?:\.\d{1,4})?)%|\d{1,14}(?:\.\d{1,12})?)$/;
const THRESHOLD_MESSAGE =
  'each of $property must be a share of the limit such as "80%", up to "1000%", or an amount above 0';
const RENOTIFY_SECONDS_MIN = 60;
const RENOTIFY_SECONDS_MAX = 31 * 86_400;

export class BudgetRaiseDto {
  @ApiProperty({ description: 'The limit while it lasts: above that of the budget.' })
  @Matches(AMOUNT_TEXT, { message: AMOUNT_MESSAGE })
  limit!: string;

  @ApiProperty({ description: 'RFC 3339: when the limit of the budget is in force again.' })
  @IsMoment()
  until!: string;
}

/** What stands in a request to create and in one to change alike, all of it optional. */
class BudgetOptionsDto {
  @ApiPropertyOptional({
    isArray: true,
    type: String,
    default: [],
    example: ['50%', '80%'],
    description: 'Shares of the limit or amounts. The limit itself is always one.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @Matches(THRESHOLD_TEXT, { each: true, message: THRESHOLD_MESSAGE })
  @ArrayUnique({ message: THRESHOLDS_MESSAGE })
  @ArrayMaxSize(THRESHOLDS_MAX, { message: THRESHOLDS_MESSAGE })
  @IsArray({ message: THRESHOLDS_MESSAGE })
  thresholds?: string[];

  @ApiPropertyOptional({ default: false, description: 'Kept for the gateway, which enforces it.' })
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  hard?: boolean;

  @ApiPropertyOptional({
    default: false,
    description: 'Alerts when the pace leads over the limit.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  projected?: boolean;

  @ApiPropertyOptional({ default: false, description: 'Counts, and raises no alert.' })
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  suspended?: boolean;

  @ApiPropertyOptional({ type: BudgetRaiseDto, nullable: true })
  @IsOptional()
  @ValidateNested()
  @IsObject()
  @Type(() => BudgetRaiseDto)
  raise?: BudgetRaiseDto | null;

  @ApiPropertyOptional({
    type: 'integer',
    nullable: true,
    minimum: RENOTIFY_SECONDS_MIN,
    maximum: RENOTIFY_SECONDS_MAX,
    description: 'Seconds between reminders while breached; null: none.',
  })
  @IsOptional()
  @Max(RENOTIFY_SECONDS_MAX)
  @Min(RENOTIFY_SECONDS_MIN)
  @IsInt()
  renotify_seconds?: number | null;
}

export class CreateBudgetDto extends IntersectionType(CreateWatchDto, BudgetOptionsDto) {
  @ApiProperty({ enum: BUDGET_MEASURES, description: '`tokens` is input plus output.' })
  @IsIn(BUDGET_MEASURES)
  on!: BudgetMeasure;

  @ApiProperty({ description: amountDescription(BUDGET_MEASURES) })
  @Matches(AMOUNT_TEXT, { message: AMOUNT_MESSAGE })
  limit!: string;

  @ApiProperty({ type: BudgetWindowDto })
  @ValidateNested()
  @IsObject()
  @Type(() => BudgetWindowDto)
  window!: BudgetWindowDto;
}

export class ChangeBudgetDto extends IntersectionType(ChangeWatchDto, BudgetOptionsDto) {
  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @Matches(AMOUNT_TEXT, { message: AMOUNT_MESSAGE })
  limit?: string;

  @CannotChange()
  window?: never;
}

export class BudgetDto extends IntersectionType(
  WatchDto,
  PickType(CreateBudgetDto, ['on', 'limit', 'window']),
) {
  @ApiProperty({ isArray: true, type: String })
  thresholds!: string[];

  @ApiProperty()
  hard!: boolean;

  @ApiProperty()
  projected!: boolean;

  @ApiProperty()
  suspended!: boolean;

  @ApiProperty({ type: BudgetRaiseDto, nullable: true })
  raise!: BudgetRaiseDto | null;

  @ApiProperty({ type: 'integer', nullable: true })
  renotify_seconds!: number | null;
}
