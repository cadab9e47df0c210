import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, Matches } from 'class-validator';
import { PositionDto } from '../position.dto.js';

export class EventQueryDto {
  @ApiPropertyOptional({ default: 'api' })
  @IsOptional()
  @Matches(/^[^\p{Cc}\p{Cs}]{0,256}$/u, {
    message: '$property must be a string of up to 256 characters, none a control character',
  })
  source?: string;
}

export class CostLineDto {
  @ApiProperty({ example: 'input_tokens' })
  unit!: string;

  @ApiProperty({ type: 'integer' })
  quantity!: number;

  @ApiProperty({ description: 'US dollars.', example: '2.5' })
  price!: string;

  @ApiProperty({
    type: 'integer',
    description: 'How many units the price is for.',
    example: 1_000_000,
  })
  per!: number;

  @ApiProperty({ description: 'quantity * price / per' })
  amount!: string;
}

/** What became of an event. Fields of the event itself stand beside these, as they were sent. */
export class EventDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  source!: string;

  @ApiProperty({ enum: ['priced', 'free', 'unpriced', 'quarantined'] })
  fate!: 'priced' | 'free' | 'unpriced' | 'quarantined';

  @ApiProperty({ type: String, nullable: true, description: 'Why it is unpriced or quarantined.' })
  reason!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'The reason in words.' })
  detail!: string | null;

  @ApiProperty({ type: 'integer', description: 'How often it came again with the same content.' })
  repeats!: number;

  @ApiProperty({ type: 'integer', description: 'How often its id came with other content.' })
  conflicts!: number;

  @ApiProperty({ type: PositionDto })
  position!: PositionDto;

  @ApiProperty({ type: String, nullable: true, description: 'US dollars; null while unknown.' })
  cost!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'What could be priced of an unpriced event.',
  })
  partial_cost!: string | null;

  @ApiProperty({ enum: ['USD'] })
  currency!: 'USD';

  @ApiProperty({ type: [CostLineDto], description: 'The working of the price.' })
  lines!: CostLineDto[];

  @ApiProperty({ type: String, nullable: true })
  price_version!: string | null;
}
