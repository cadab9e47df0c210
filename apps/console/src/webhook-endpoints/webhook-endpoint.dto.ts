import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Matches,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { EVENT_TYPES, isEventFilter } from '#contracts';
import type { Channel } from '#postgres';
import { NAME_MESSAGE, NAME_TEXT } from '../text-limits.js';

export const CHANNELS = ['webhook', 'slack', 'email'] as const satisfies readonly Channel[];
const FILTERS_MAX = 50;
const FILTERS_MESSAGE = `$property must be a list of 1 to ${FILTERS_MAX} event types, families such as "budget.*", or "*", each once`;

function IsEventFilter(): PropertyDecorator {
  const types = EVENT_TYPES.map(({ type }) => type).join(', ');
  return ValidateBy(
    {
      name: 'isEventFilter',
      validator: {
        validate: (value) => typeof value === 'string' && isEventFilter(value),
        defaultMessage: () =>
          `$property must each be "*", a family such as "budget.*", or one of ${types}`,
      },
    },
    { each: true },
  );
}

export class CreateWebhookEndpointDto {
  @ApiProperty({ description: 'http(s) for webhook and slack; `mailto:<address>` for email.' })
  @IsString()
  url!: string;

  @ApiProperty({
    isArray: true,
    type: String,
    description: 'Exact types, families (`budget.*`), or `*`.',
  })
  @ArrayMinSize(1, { message: FILTERS_MESSAGE })
  @ArrayMaxSize(FILTERS_MAX, { message: FILTERS_MESSAGE })
  @ArrayUnique({ message: FILTERS_MESSAGE })
  @IsEventFilter()
  events!: string[];

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  description?: string | null;

  @ApiPropertyOptional({ enum: CHANNELS, default: 'webhook' })
  @IsOptional()
  @IsIn(CHANNELS)
  channel?: Channel;
}

export class ChangeWebhookEndpointDto {
  @ApiPropertyOptional()
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  url?: string;

  @ApiPropertyOptional({ isArray: true, type: String })
  @ValidateIf((_, value) => value !== undefined)
  @ArrayMinSize(1, { message: FILTERS_MESSAGE })
  @ArrayMaxSize(FILTERS_MAX, { message: FILTERS_MESSAGE })
  @ArrayUnique({ message: FILTERS_MESSAGE })
  @IsEventFilter()
  events?: string[];

  @ApiPropertyOptional({ type: String, nullable: true })
  @IsOptional()
  @Matches(NAME_TEXT, { message: NAME_MESSAGE })
  description?: string | null;

  @ApiPropertyOptional({ description: 'False takes alerts again; what was given up stays so.' })
  @ValidateIf((_, value) => value !== undefined)
  @IsBoolean()
  disabled?: boolean;
}

export class ConfirmEndpointDto {
  @ApiProperty({ description: 'The code that the last e-mail to the address holds.' })
  @Matches(/^[A-Za-z0-9]{1,32}$/, { message: '$property must be the code that was sent' })
  code!: string;
}

export class CreatedWebhookEndpointDto {
  @ApiProperty()
  id!: string;

  @ApiProperty()
  url!: string;

  @ApiProperty({ isArray: true, type: String })
  events!: string[];

  @ApiProperty({ type: String, nullable: true })
  description!: string | null;

  @ApiProperty({ enum: CHANNELS })
  channel!: Channel;

  @ApiProperty()
  disabled!: boolean;

  @ApiProperty({ type: String, nullable: true, description: '`gone`, `failing` or `by request`.' })
  disabled_reason!: string | null;

  @ApiProperty({ type: String, nullable: true })
  disabled_at!: string | null;

  @ApiProperty({
    description:
      'False for an address of e-mail until its code was given back: until then nothing but the code goes there.',
  })
  confirmed!: boolean;

  @ApiProperty({ type: String, nullable: true })
  failing_since!: string | null;

  @ApiProperty()
  created_at!: string;

  @ApiProperty({ description: 'What attempts are signed with: shown this once.' })
  secret!: string;
}

export class WebhookEndpointDto extends OmitType(CreatedWebhookEndpointDto, ['secret']) {}
