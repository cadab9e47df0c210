import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import {
  EVENT_FIELD_NAMES,
  EVENT_FIELDS,
  EVENT_STATUSES,
  type FieldKind,
  type RecordedEnvelope,
  USAGE_FIELDS,
  type UsageEvent,
} from '#contracts';

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
/** NUL separates the parts of an identity. */
const identityText = { type: 'string', pattern: '^[^\\0]*$' };
/** What the sink's time columns hold, and every date parser reads alike. */
const time = {
  type: 'string',
  pattern: '^20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?Z$',
  format: 'calendar',
};
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** The door has refused what callers get wrong. This is what pricing itself, and the sink behind it, rely on. */
const FIELD_SCHEMAS: Record<FieldKind, object> = {
  id: { ...identityText, minLength: 1 },
  text,
  time,
  usage: {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(USAGE_FIELDS.map((field) => [field, count])),
  },
  boolean: { type: 'boolean' },
  status: { enum: EVENT_STATUSES },
  number: { type: 'number', minimum: 0 },
  decimal: text,
  list: { type: 'array', items: text },
  map: {
    type: 'object',
    additionalProperties: { type: ['string', 'number', 'boolean'] },
  },
};

const eventSchema = {
  type: 'object',
  required: ['id'],
  additionalProperties: false,
  properties: Object.fromEntries(
    EVENT_FIELD_NAMES.map((field) => [
      field,
      field === 'source' ? identityText : FIELD_SCHEMAS[EVENT_FIELDS[field].kind],
    ]),
  ),
};

/** Events are left to be checked one by one, so that a bad one costs no neighbour. */
const envelopeSchema = {
  type: 'object',
  required: ['batches'],
  properties: {
    batches: {
      type: 'array',
      items: {
        type: 'object',
        required: ['project', 'key', 'request_id', 'received_at', 'events'],
        properties: {
          project: { ...identityText, minLength: 1 },
          key: text,
          request_id: text,
          received_at: time,
          application: {
            type: 'object',
            required: ['id', 'provider', 'model', 'time_zone'],
            properties: { id: text, provider: textOrNull, model: text, time_zone: text },
          },
          events: { type: 'array' },
        },
      },
    },
  },
};

const ajv = new Ajv({ allowUnionTypes: true, formats: { calendar: isOnCalendar } });
const checkEvent = ajv.compile<UsageEvent>(eventSchema);
const checkEnvelope = ajv.compile<RecordedEnvelope>(envelopeSchema);

/** What is wrong with an event, naming the field; null when nothing is. */
export function eventProblem(event: unknown): string | null {
  return problemOf(checkEvent, event);
}

/** What is wrong with an envelope around its events, naming the field; null when nothing is. */
export function envelopeProblem(envelope: unknown): string | null {
  return problemOf(checkEnvelope, envelope);
}

function problemOf(check: ValidateFunction, value: unknown): string | null {
  const error = check(value) ? undefined : check.errors?.[0];
  return error ? describe(error) : null;
}

/** JavaScript takes 30 February for 2 March, and 24:00 for the next day. */
function isOnCalendar(time: string): boolean {
  const timeMs = Date.parse(time);
  return !Number.isNaN(timeMs) && new Date(timeMs).toISOString().slice(0, 10) === time.slice(0, 10);
}

function describe({ instancePath, keyword, params, message }: ErrorObject): string {
  const field = instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'format') return `${field} is not a day of the calendar`;
  if (keyword !== 'additionalProperties') return `${field || 'the item'} ${message}`;
  const unknown = String(params['additionalProperty']);
  return `${field ? `${field}.` : ''}${unknown} is unknown`;
}
