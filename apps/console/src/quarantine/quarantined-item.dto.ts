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
    description:
      'What was received; null in lists when larger than 64 KiB, and everywhere once its time has ended.',
  })
  payload!: string | null;

  @ApiProperty({
    enum: ['json', 'base64', 'ended'],
    description:
      '`ended`: the payload is no longer kept; that the item came, and why it was set aside, is.',
  })
  payload_encoding!: 'json' | 'base64' | 'ended';
}

export class ReplayedItemDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ enum: ['replayed'] })
  status!: 'replayed';
}
