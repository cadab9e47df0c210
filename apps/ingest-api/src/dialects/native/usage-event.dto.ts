import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';
import { EVENT_FIELDS, EVENT_STATUSES, type FieldKind, TAGS_MAX, USAGE_FIELDS } from '#contracts';
import {
  DECIMAL_TEXT,
  ID_TEXT,
  SHORT_TEXT,
  TIME_TEXT,
  WHOLE_NUMBER_MAX,
} from '../../dto/text-limits.js';
import { IsPropertyMap } from './is-property-map.js';

/** The counts of an event. Its fields are those of the contract, each optional, whole and not negative. */
export class UsageVectorDto {}

/** In the order in which the language applies decorators, the lowest first: the schema's type is the last one's. */
const WHOLE_COUNT = [Max(WHOLE_NUMBER_MAX), Min(0), IsInt(), IsOptional()];

for (const field of USAGE_FIELDS) {
  for (const decorate of WHOLE_COUNT) decorate(UsageVectorDto.prototype, field);
}

const ID_MESSAGE = '$property must be a string of 1 to 256 characters, none a control character';
const SHORT_MESSAGE =
  '$property must be a string of up to 256 characters, none a control character';

/** What each kind of field has to be, as decorators from the lowest to the highest: the order in which the language applies them. */
const CHECKS: Record<FieldKind, PropertyDecorator[]> = {
  id: [Matches(ID_TEXT, { message: ID_MESSAGE })],
  text: [Matches(SHORT_TEXT, { message: SHORT_MESSAGE })],
  time: [
    Matches(TIME_TEXT, { message: '$property must be an RFC 3339 time; without a zone it is UTC' }),
  ],
  usage: [
    Reflect.metadata('design:type', UsageVectorDto),
    Type(() => UsageVectorDto),
    ValidateNested({ message: '$property must be an object of counts' }),
    IsObject({ message: '$property must be an object of counts' }),
  ],
  boolean: [IsBoolean()],
  status: [IsIn(EVENT_STATUSES)],
  number: [Max(WHOLE_NUMBER_MAX), Min(0), IsNumber()],
  decimal: [Matches(DECIMAL_TEXT, { message: '$property must be US dollars as a decimal string' })],
  list: [
    Matches(SHORT_TEXT, {
      each: true,
      message: 'each of $property must be a string of up to 256 characters',
    }),
    ArrayMaxSize(TAGS_MAX),
    IsArray(),
  ],
  map: [IsPropertyMap()],
};

/**
 * A usage event as it may be sent: the fields of the contract's table, each checked by its kind. The decorators are the single
 * source: the JSON Schema that the hot path is compiled from and the OpenAPI page come from them. Unknown fields are refused;
 * null is as absent.
 */
export class UsageEventDto {}

for (const [name, field] of Object.entries(EVENT_FIELDS)) {
  const described = 'description' in field ? [JSONSchema({ description: field.description })] : [];
  for (const decorate of [...described, ...CHECKS[field.kind], IsOptional()])
    decorate(UsageEventDto.prototype, name);
}
