import { ApiProperty } from '@nestjs/swagger';
import { TOPICS } from '#contracts';

/** Where an item lies in Kafka. */
export class PositionDto {
  @ApiProperty()
  cluster!: string;

  @ApiProperty({ enum: [TOPICS.usageRecorded.name] })
  topic!: string;

  @ApiProperty({ type: 'integer' })
  partition!: number;

  @ApiProperty({ type: 'integer' })
  offset!: number;

  @ApiProperty({ type: 'integer' })
  index!: number;
}

/** A position as the wire has it. Offsets stay far below 2^53. */
export function showPosition(place: {
  cluster: string;
  partition: number;
  offset: string;
  index: number;
}): PositionDto {
  const { cluster, partition, offset, index } = place;
  return { cluster, topic: TOPICS.usageRecorded.name, partition, offset: Number(offset), index };
}

/** Milliseconds since the epoch, as ClickHouse writes them, as RFC 3339. */
export function showTime(epochMs: string): string {
  return new Date(Number(epochMs)).toISOString();
}
