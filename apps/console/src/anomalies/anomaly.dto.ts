import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import {
  ANOMALY_DIMENSIONS,
  ANOMALY_MEASURES,
  type AnomalyDimension,
  type AnomalyDirection,
  type AnomalyMeasure,
} from '#contracts';
import { ComparedText } from '../compared-text.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { IsMoment } from '../usage/moment.js';

export class ListAnomaliesQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ description: 'RFC 3339: days that begin then or later ...' })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiPropertyOptional({ description: '... and before this time.' })
  @IsOptional()
  @IsMoment()
  to?: string;

  @ComparedText()
  customer?: string;

  @ComparedText()
  model?: string;

  @ApiPropertyOptional({ enum: ANOMALY_DIMENSIONS })
  @IsOptional()
  @IsIn(ANOMALY_DIMENSIONS)
  dimension?: AnomalyDimension;
}

export class AnomalyDto {
  @ApiProperty({ description: 'Also that of its alert.' })
  id!: string;

  @ApiProperty({ enum: ANOMALY_DIMENSIONS })
  dimension!: AnomalyDimension;

  @ApiProperty({ description: 'The customer or the model.' })
  subject!: string;

  @ApiProperty({ example: '2026-11-13', description: 'UTC.' })
  day!: string;

  @ApiProperty({ enum: ANOMALY_MEASURES })
  on!: AnomalyMeasure;

  @ApiProperty({ enum: ['high', 'low'] })
  direction!: AnomalyDirection;

  @ApiProperty({ description: 'US dollars for cost, else a count; moves with late usage.' })
  value!: string;

  @ApiProperty({ description: 'The median of the same weekday in the weeks before.' })
  expected!: string;

  @ApiProperty({ description: 'How far a usual day lies above that.' })
  deviation!: string;

  @ApiProperty({ description: 'How many such deviations lie between the two.' })
  score!: number;

  @ApiProperty()
  explanation!: string;

  @ApiProperty({ description: 'When it was found.' })
  created_at!: string;
}
