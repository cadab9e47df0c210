import { ApiProperty } from '@nestjs/swagger';
import { RateDto } from './rate.dto.js';

export const RATE_STATES = ['ok', 'exceeded', 'no_data'] as const;
export type RateState = (typeof RATE_STATES)[number];

/** All of it but `limit_in_force` and `set_aside` is null where `per` is set. */
export class StandingRateDto extends RateDto {
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Why the rate cannot be computed and counts nothing; null when it counts.',
  })
  set_aside!: string | null;

  @ApiProperty({
    enum: RATE_STATES,
    nullable: true,
    description: '`no_data`: nobody can say, or earlier days give no bound.',
  })
  state!: RateState | null;

  @ApiProperty({ type: String, nullable: true, description: 'When it was exceeded.' })
  exceeded_since!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Over the span that ends now.' })
  value!: string | null;

  @ApiProperty({ type: 'integer', nullable: true, description: 'Events in that span.' })
  events!: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: '`limit`, or the bound that earlier days give for this hour.',
  })
  limit_in_force!: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Every event acknowledged before is counted, and later ones may be.',
  })
  as_of!: string | null;
}
