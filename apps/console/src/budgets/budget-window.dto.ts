import { applyDecorators } from '@nestjs/common';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsInt,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  type ValidationArguments,
} from 'class-validator';
import type { BudgetWindow, CalendarUnit } from '#contracts';
import { IsTimeZone } from '../is-time-zone.js';

const KINDS = ['calendar', 'rolling', 'lifetime'] as const satisfies BudgetWindow['kind'][];
const UNITS = ['minute', 'hour', 'day', 'week', 'month', 'quarter', 'year'] as const;
const DAYS_OF_A_WEEK = 7;
/** Every month has it. */
const LAST_START_DAY = 28;
const ROLLING_SECONDS_MIN = 60;
/** 31 days: counters of later events are kept for longer. */
const ROLLING_SECONDS_MAX = 31 * 86_400;

type Kind = (typeof KINDS)[number];

/** A field of one kind of window: needed there where it is not `optional`, refused in every other. */
function FieldOf(kind: Kind, need: 'required' | 'optional'): PropertyDecorator {
  return applyDecorators(
    ValidateIf(
      (window: BudgetWindowDto, value) =>
        value !== undefined || (need === 'required' && window.kind === kind),
    ),
    ValidateBy({
      name: 'fieldOf',
      validator: {
        validate: (_, argument) => windowOf(argument).kind === kind,
        defaultMessage: () => `$property belongs to windows of the kind ${kind}`,
      },
    }),
  );
}

function IsStartDay(): PropertyDecorator {
  return ValidateBy({
    name: 'isStartDay',
    validator: {
      validate: (value, argument) => {
        const last = lastStartDay(windowOf(argument).unit);
        return Number.isInteger(value) && value >= 1 && value <= last;
      },
      defaultMessage: (argument) => {
        const last = lastStartDay(windowOf(argument).unit);
        return last === 0
          ? '$property belongs to weeks, months, quarters and years'
          : `$property must be a whole number from 1 to ${last}`;
      },
    },
  });
}

function windowOf(argument?: ValidationArguments): BudgetWindowDto {
  return argument?.object as BudgetWindowDto;
}

/** 0 for units that have none. */
function lastStartDay(unit?: CalendarUnit): number {
  if (unit === 'week') return DAYS_OF_A_WEEK;
  return unit === 'month' || unit === 'quarter' || unit === 'year' ? LAST_START_DAY : 0;
}

/** A window of a budget, of one of three kinds. */
export class BudgetWindowDto {
  @ApiProperty({ enum: KINDS })
  @IsIn(KINDS)
  kind!: Kind;

  @ApiPropertyOptional({ enum: UNITS, description: 'Of a calendar window.' })
  @IsIn(UNITS)
  @FieldOf('calendar', 'required')
  unit?: CalendarUnit;

  @ApiPropertyOptional({ default: 'UTC', description: 'IANA. Of a calendar window.' })
  @IsTimeZone()
  @FieldOf('calendar', 'optional')
  time_zone?: string;

  @ApiPropertyOptional({
    type: 'integer',
    description: '1 (Monday) to 7 of a week; 1 to 28 of a month, quarter or year.',
  })
  @IsStartDay()
  @FieldOf('calendar', 'optional')
  start_day?: number;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: ROLLING_SECONDS_MIN,
    maximum: ROLLING_SECONDS_MAX,
    description: 'Of a rolling window, which moves on by sixtieths.',
  })
  @IsInt()
  @Min(ROLLING_SECONDS_MIN)
  @Max(ROLLING_SECONDS_MAX)
  @FieldOf('rolling', 'required')
  seconds?: number;
}

/** The window of a body that passed. */
export function readWindow({
  kind,
  unit,
  time_zone,
  start_day,
  seconds,
}: BudgetWindowDto): BudgetWindow {
  if (kind === 'lifetime') return { kind };
  if (kind === 'rolling') return { kind, seconds: seconds! };
  const calendar = { kind, unit: unit!, time_zone: time_zone ?? 'UTC' };
  return start_day === undefined ? calendar : { ...calendar, start_day };
}
