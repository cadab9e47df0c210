import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsNumber,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import type { UsageEvent } from '#contracts';
import { IsPropertyMap } from './is-property-map.js';
import {
  DECIMAL_TEXT,
  ID_TEXT,
  LIST_ITEMS_MAX,
  SHORT_TEXT,
  TIME_TEXT,
  WHOLE_NUMBER_MAX,
} from '../../dto/text-limits.js';
import { UsageVectorDto } from './usage-vector.dto.js';

const SHORT_MESSAGE =
  '$property must be a string of up to 256 characters, none a control character';

/** An optional string of up to 256 characters. */
function ShortText(description: string): PropertyDecorator {
  const decorators = [
    IsOptional(),
    Matches(SHORT_TEXT, { message: SHORT_MESSAGE }),
    JSONSchema({ description }),
  ];
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property as string);
  };
}

/**
 * A usage event as it may be sent. These decorators are the single source: the JSON Schema that the hot path is compiled
 * from and the OpenAPI page come from them. Unknown fields are refused; null is as absent.
 */
export class UsageEventDto implements Partial<UsageEvent> {
  @IsOptional()
  @Matches(ID_TEXT, {
    message: '$property must be a string of 1 to 256 characters, none a control character',
  })
  @JSONSchema({ description: 'Yours; makes a retry safe. Missing: a fresh one is made.' })
  id?: string;

  @ShortText('Namespace of the id; `api` when missing.')
  source?: string;

  @ShortText('What happened; `llm.call` when missing.')
  type?: string;

  @IsOptional()
  @Matches(TIME_TEXT, { message: '$property must be an RFC 3339 time; without a zone it is UTC' })
  @JSONSchema({ description: 'RFC 3339; UTC without a zone; the time of receipt when missing.' })
  time?: string;

  @ShortText('Who is billed.')
  customer?: string;

  @ShortText('The end user inside a customer.')
  user?: string;

  @ShortText('The application that made the call.')
  application?: string;

  @ShortText('The conversation that the call belongs to.')
  conversation?: string;

  @ShortText('The job that the call belongs to.')
  job?: string;

  @ShortText('What the call was for.')
  purpose?: string;

  @ShortText('The provider as you know it: `openai`, `anthropic`, ...')
  provider?: string;

  @ShortText('The model as you know it.')
  model?: string;

  @IsOptional()
  @IsObject({ message: '$property must be an object of counts' })
  @ValidateNested({ message: '$property must be an object of counts' })
  @Type(() => UsageVectorDto)
  usage?: UsageVectorDto;

  @ShortText('The tier that answered.')
  service_tier?: string;

  @IsOptional()
  @IsBoolean()
  batch?: boolean;

  @ShortText('Where the call was served.')
  region?: string;

  @IsOptional()
  @IsIn(['ok', 'error'])
  status?: 'ok' | 'error';

  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(WHOLE_NUMBER_MAX)
  latency_ms?: number;

  @ShortText("The provider's own id of its answer.")
  provider_response_id?: string;

  @IsOptional()
  @Matches(DECIMAL_TEXT, { message: '$property must be US dollars as a decimal string' })
  @JSONSchema({ description: 'US dollars as a decimal string; advisory, never the price.' })
  provider_cost?: string;

  @IsOptional()
  @IsArray()
  @ArrayMaxSize(LIST_ITEMS_MAX)
  @Matches(SHORT_TEXT, {
    each: true,
    message: 'each of $property must be a string of up to 256 characters',
  })
  tags?: string[];

  @IsOptional()
  @IsPropertyMap()
  properties?: Record<string, string | number | boolean>;
}
