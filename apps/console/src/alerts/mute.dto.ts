import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsString, MaxLength, ValidateIf } from 'class-validator';
import type { CounterKey } from '#contracts';
import { IsMoment } from '../usage/moment.js';
import { IsScope } from '../watches/watch-scope.js';

const ID_LENGTH_MAX = 256;

export class MuteAlertDto {
  @ApiProperty({ description: 'RFC 3339: alerts are sent again from then on.' })
  @IsMoment()
  until!: string;
}

export class CreateMuteDto extends MuteAlertDto {
  @ApiProperty({ description: 'The id of a budget or rate.' })
  @IsString()
  @MaxLength(ID_LENGTH_MAX)
  watch!: string;

  @ApiPropertyOptional({
    type: Object,
    example: { customer: 'acme' },
    description: 'One counter of its `per`; without it, every counter.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsScope()
  counter?: CounterKey;
}

export class MuteDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  watch!: string;

  @ApiProperty({ type: Object, nullable: true, description: 'Null for every counter.' })
  counter!: CounterKey | null;

  @ApiProperty()
  until!: string;

  @ApiProperty()
  created_at!: string;
}
