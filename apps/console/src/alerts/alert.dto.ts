import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, ValidateBy } from 'class-validator';
import { type CounterKey, EVENT_TYPES, isEventFilter } from '#contracts';
import { ComparedText } from '../compared-text.js';
import { ListQueryDto } from '../lists/list-query.dto.js';
import { IsMoment } from '../usage/moment.js';

const TYPES = EVENT_TYPES.map(({ type }) => type);

function IsAlertType(): PropertyDecorator {
  return ValidateBy({
    name: 'isAlertType',
    validator: {
      validate: (value) => typeof value === 'string' && isEventFilter(value),
      defaultMessage: () =>
        `$property must be a family such as "budget.*" or one of ${TYPES.join(', ')}`,
    },
  });
}

export class ListAlertsQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ description: `A type, or a family such as \`budget.*\`.` })
  @IsOptional()
  @IsAlertType()
  type?: string;

  @ComparedText()
  budget?: string;

  @ComparedText()
  rate?: string;

  @ComparedText()
  customer?: string;

  @ApiPropertyOptional({ description: 'RFC 3339: raised from then on ...' })
  @IsOptional()
  @IsMoment()
  from?: string;

  @ApiPropertyOptional({ description: '... and before this time.' })
  @IsOptional()
  @IsMoment()
  to?: string;
}

export class AlertDto {
  @ApiProperty({ description: 'The `webhook-id` of every delivery.' })
  id!: string;

  @ApiProperty({ enum: TYPES })
  type!: string;

  @ApiProperty({ type: String, nullable: true, description: 'The id of the budget behind it.' })
  budget!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The id of the rate behind it.' })
  rate!: string | null;

  @ApiProperty({ type: Object, nullable: true, description: 'Which counter of the two.' })
  counter!: CounterKey | null;

  @ApiProperty({ type: String, nullable: true })
  window_start!: string | null;

  @ApiProperty({ type: String, nullable: true })
  window_end!: string | null;

  @ApiProperty({ type: String, nullable: true, description: '`100%` is the limit.' })
  threshold!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Behind the event that crossed.' })
  value!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Of the event that crossed.' })
  event_time!: string | null;

  @ApiProperty()
  raised_at!: string;

  @ApiProperty({ description: 'It was muted when it was raised, and sent nowhere.' })
  muted!: boolean;

  @ApiProperty({ type: String, nullable: true })
  acknowledged_at!: string | null;

  @ApiProperty({ type: Object, description: 'As a webhook has it.' })
  data!: Record<string, unknown>;
}
