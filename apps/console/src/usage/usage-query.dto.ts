import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Max,
  MaxLength,
  Min,
} from 'class-validator';
import { USAGE_DIMENSIONS, type UsageDimension } from '#clickhouse';
import { IsTimeZone } from '../is-time-zone.js';
import { CURSOR_LENGTH_MAX } from '../lists/list-query.dto.js';
import { WINDOW_SIZES, type WindowSize } from './local-windows.js';
import { IsMoment } from './moment.js';

export const USAGE_ROWS_MAX = 10_000;
const FILTER_VALUES_MAX = 200;
const VALUE_LENGTH_MAX = 512;

/** Repeated for several values; an empty one asks for events without the dimension. */
function Filter(): PropertyDecorator {
  const decorators = [
    ApiPropertyOptional({
      type: [String],
      description: 'Repeated for several; empty for events without it.',
    }),
    IsOptional(),
    Transform(({ value }: { value: unknown }) => [value].flat()),
    ArrayMaxSize(FILTER_VALUES_MAX),
    IsString({ each: true }),
    MaxLength(VALUE_LENGTH_MAX, { each: true }),
  ];
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

export class UsageQueryDto {
  @ApiPropertyOptional({ description: 'RFC 3339, inclusive; the beginning when missing.' })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiPropertyOptional({
    description: 'RFC 3339, exclusive; after the newest possible event when missing.',
  })
  @IsOptional()
  @IsMoment()
  to?: string;

  @ApiPropertyOptional({ enum: WINDOW_SIZES, default: 'total' })
  @IsOptional()
  @IsIn(WINDOW_SIZES)
  window?: WindowSize;

  @ApiPropertyOptional({ description: 'An IANA time zone.', default: 'UTC' })
  @IsOptional()
  @IsTimeZone()
  time_zone?: string;

  @ApiPropertyOptional({ type: String, example: 'customer,model' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => splitNames(value))
  @IsIn(USAGE_DIMENSIONS, {
    each: true,
    message: `$property must be a list of ${USAGE_DIMENSIONS.join(', ')}`,
  })
  group_by?: UsageDimension[];

  @Filter()
  customer?: string[];

  @Filter()
  user?: string[];

  @Filter()
  provider?: string[];

  @Filter()
  model?: string[];

  @Filter()
  application?: string[];

  @Filter()
  type?: string[];

  @ApiPropertyOptional({
    type: Number,
    minimum: 1,
    maximum: USAGE_ROWS_MAX,
    default: USAGE_ROWS_MAX,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(USAGE_ROWS_MAX)
  limit?: number;

  @ApiPropertyOptional({
    description: 'The `next_cursor` of the page before, with the other parameters unchanged.',
  })
  @IsOptional()
  @IsString()
  @MaxLength(CURSOR_LENGTH_MAX)
  cursor?: string;
}

function splitNames(value: unknown): string[] {
  const names = [value].flat().flatMap((part) => String(part).split(','));
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ''))];
}
