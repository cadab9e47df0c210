import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString } from 'class-validator';
import { EVENT_TYPES } from '#contracts';

const TYPES = EVENT_TYPES.map(({ type }) => type);

export class AttemptDto {
  @ApiProperty()
  attempt!: number;

  @ApiProperty()
  at!: string;

  @ApiProperty({ type: Number, nullable: true, description: 'Null when there was no answer.' })
  status!: number | null;

  @ApiProperty({ description: 'The first bytes of the answer, or why there was none.' })
  answer!: string;

  @ApiProperty()
  duration_ms!: number;
}

export class DeliveryDto {
  @ApiProperty()
  id!: string;

  @ApiProperty({ description: 'The id of the alert: `webhook-id` of every attempt.' })
  alert!: string;

  @ApiProperty()
  type!: string;

  @ApiProperty({ enum: ['pending', 'delivered', 'failed'] })
  state!: string;

  @ApiProperty({ type: String, nullable: true })
  next_attempt_at!: string | null;

  @ApiProperty({ isArray: true, type: AttemptDto })
  attempts!: AttemptDto[];

  @ApiProperty()
  created_at!: string;
}

export class SendTestDto {
  @ApiPropertyOptional({ enum: TYPES, description: 'Whose example is sent.' })
  @IsOptional()
  @IsIn(TYPES)
  type?: string;
}

export class ReplayDto {
  @ApiProperty({ description: 'RFC 3339. Alerts raised from then on ...' })
  @IsString()
  from!: string;

  @ApiProperty({ description: '... and before this time.' })
  @IsString()
  to!: string;
}

export class AcceptedDeliveryDto {
  @ApiProperty({ description: 'The delivery that is on its way.' })
  delivery!: string;
}

export class AcceptedReplayDto {
  @ApiProperty({ description: 'How many deliveries are on their way.' })
  deliveries!: number;
}
