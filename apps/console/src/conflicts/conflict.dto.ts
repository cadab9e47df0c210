import { ApiProperty } from '@nestjs/swagger';
import { PositionDto } from '../position.dto.js';

/** An event that came under an id that another event has: the first stands, this one does not count. */
export class ConflictDto {
  @ApiProperty({ description: 'The id that both have.' })
  id!: string;

  @ApiProperty()
  source!: string;

  @ApiProperty({ type: String, nullable: true })
  customer!: string | null;

  @ApiProperty({ type: String, nullable: true })
  time!: string | null;

  @ApiProperty({ type: String, nullable: true })
  received_at!: string | null;

  @ApiProperty({ type: PositionDto })
  position!: PositionDto;

  @ApiProperty({
    type: Object,
    nullable: true,
    description:
      'The event that does not count, with the cost it would have had; null when larger than 64 KiB, or no longer kept.',
  })
  event!: unknown;
}
