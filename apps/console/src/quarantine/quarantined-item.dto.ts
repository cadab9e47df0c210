import { ApiProperty } from '@nestjs/swagger';
import { PositionDto } from '../position.dto.js';

export class QuarantinedItemDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ example: 'invalid_event' })
  reason!: string;

  @ApiProperty({ description: 'The reason in words.' })
  detail!: string;

  @ApiProperty({ type: String, nullable: true })
  source!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The id of the event, where it could be read.',
  })
  event_id!: string | null;

  @ApiProperty({ description: 'When Kafka took it.' })
  recorded_at!: string;

  @ApiProperty({ type: PositionDto })
  position!: PositionDto;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What was received; null in lists when larger than 64 KiB.',
  })
  payload!: string | null;

  @ApiProperty({ enum: ['json', 'base64'] })
  payload_encoding!: 'json' | 'base64';
}

export class ReplayedItemDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ enum: ['replayed'] })
  status!: 'replayed';
}
