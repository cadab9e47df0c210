import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class UsageRowDto {
  @ApiProperty()
  window_start!: string;

  @ApiProperty()
  window_end!: string;

  @ApiPropertyOptional({
    type: String,
    nullable: true,
    description: 'Here and below: where grouped by it.',
  })
  customer?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  user?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  provider?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  model?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  application?: string | null;

  @ApiPropertyOptional({ type: String, nullable: true })
  type?: string | null;

  @ApiProperty({ type: 'integer' })
  events!: bigint;

  @ApiProperty({ type: 'integer' })
  requests!: bigint;

  @ApiProperty({ type: 'integer' })
  input_tokens!: bigint;

  @ApiProperty({ type: 'integer' })
  cache_read_tokens!: bigint;

  @ApiProperty({ type: 'integer' })
  cache_write_tokens!: bigint;

  @ApiProperty({ type: 'integer' })
  output_tokens!: bigint;

  @ApiProperty({ type: 'integer' })
  output_reasoning_tokens!: bigint;

  @ApiProperty({
    description: 'US dollars, exact. Unpriced events are not in it.',
    example: '0.00675',
  })
  cost!: string;

  @ApiProperty({ enum: ['USD'] })
  currency!: 'USD';

  @ApiProperty({ type: 'integer' })
  unpriced_events!: bigint;
}

export class UsageAnswerDto {
  @ApiProperty({
    type: [UsageRowDto],
    description: 'A row for each window and group that has events.',
  })
  data!: UsageRowDto[];

  @ApiProperty({ type: String, nullable: true })
  next_cursor!: string | null;

  @ApiProperty()
  from!: string;

  @ApiProperty()
  to!: string;

  @ApiProperty()
  time_zone!: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Every event acknowledged before it is counted; null while unknown.',
  })
  fresh_to!: string | null;
}
