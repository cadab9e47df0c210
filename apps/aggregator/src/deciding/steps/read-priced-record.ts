import { Ajv } from 'ajv';
import {
  CARRIED_FIELDS,
  type CarriedKind,
  EVENT_FIELDS,
  type Origin,
  type PricedEnvelope,
  type PricedItem,
  type PricedUsage,
  type QuarantinedUsage,
  UNPRICED_REASONS,
} from '#contracts';
import { picoFromDecimal } from '#money';

const text = { type: 'string' };
const textOrNull = { type: ['string', 'null'] };
const hash = { type: 'string', pattern: '^[0-9a-f]{32}$' };
const time = { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$' };

const CARRIED_SCHEMAS: Record<CarriedKind, object> = {
  text: textOrNull,
  boolean: { type: ['boolean', 'null'] },
  status: textOrNull,
  number: { type: ['number', 'null'] },
  decimal: textOrNull,
  list: { type: 'array', items: text },
  map: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean'] } },
};

const usageProperties = {
  identity: hash,
  content: hash,
  project: text,
  source: text,
  id: text,
  type: text,
  key: text,
  event_time: time,
  received_at: time,
  ...Object.fromEntries(
    CARRIED_FIELDS.map((field) => [field, CARRIED_SCHEMAS[EVENT_FIELDS[field].kind]]),
  ),
  usage: {
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
  },
  cost: {
    type: 'object',
    required: ['state', 'lines', 'price_version'],
    properties: {
      state: { enum: ['priced', 'free', 'unpriced'] },
      amount: text,
      partial: text,
      detail: text,
      reason: { enum: UNPRICED_REASONS },
      lines: { type: 'array' },
      price_version: text,
    },
  },
};

const usageSchema = {
  type: 'object',
  required: Object.keys(usageProperties),
  properties: usageProperties,
};

const quarantinedSchema = {
  type: 'object',
  required: ['reason', 'detail', 'project', 'source', 'id', 'payload', 'payload_encoding'],
  properties: {
    reason: text,
    detail: text,
    project: textOrNull,
    source: textOrNull,
    id: textOrNull,
    payload: text,
    payload_encoding: { enum: ['json', 'base64'] },
  },
};

const envelopeSchema = {
  type: 'object',
  required: ['v', 'origin', 'items'],
  properties: {
    v: { const: 1 },
    origin: {
      type: 'object',
      required: ['cluster', 'partition', 'offset', 'appended_at'],
      properties: {
        cluster: text,
        partition: { type: 'integer', minimum: 0 },
        offset: { type: 'string', pattern: '^\\d{1,19}$' },
        appended_at: time,
      },
    },
    items: { type: 'array' },
  },
};

const ajv = new Ajv({ allowUnionTypes: true });
const isEnvelope = ajv.compile<PricedEnvelope>(envelopeSchema);
const isUsage = ajv.compile<PricedUsage>(usageSchema);
const isQuarantined = ajv.compile<QuarantinedUsage>(quarantinedSchema);

export type ReadRecord =
  { readable: true; origin: Origin; items: PricedItem[] } | { readable: false; detail: string };

/**
 * Reads a record of `usage.priced` so strictly that every row made of it fits its table.
 * An item that does not fit is quarantined in its place; a record that cannot be read at all has no origin to go by.
 */
export function readPricedRecord(value: Buffer): ReadRecord {
  let envelope: unknown;
  try {
    envelope = JSON.parse(value.toString('utf8'));
  } catch (error) {
    return { readable: false, detail: `not JSON: ${String(error)}` };
  }
  if (!isEnvelope(envelope)) return { readable: false, detail: ajv.errorsText(isEnvelope.errors) };
  if (!isTime(envelope.origin.appended_at))
    return { readable: false, detail: 'origin.appended_at is no date' };
  return { readable: true, origin: envelope.origin, items: envelope.items.map(fitting) };
}

/** What is wrong is told of the item alone: a record that is read again gives the same rows. */
function fitting(item: unknown): PricedItem {
  const outcome = (item as { outcome?: unknown } | null)?.outcome;
  if (outcome === 'quarantined')
    return isQuarantined(item) ? item : quarantine(item, ajv.errorsText(isQuarantined.errors));
  if (outcome !== 'usage') return quarantine(item, 'outcome is neither usage nor quarantined');
  const problem = isUsage(item) ? misfit(item) : ajv.errorsText(isUsage.errors);
  return problem === null ? (item as PricedUsage) : quarantine(item, problem);
}

function misfit({ event_time, received_at, cost }: PricedUsage): string | null {
  if (!isTime(event_time)) return 'event_time is no date';
  if (!isTime(received_at)) return 'received_at is no date';
  const amount = cost.state === 'unpriced' ? cost.partial : cost.amount;
  return typeof amount === 'string' && picoFromDecimal(amount) !== null
    ? null
    : 'cost is no amount of dollars';
}

/** JavaScript takes 30 February for 2 March. */
function isTime(value: string): boolean {
  const time = new Date(value);
  return time.getUTCDate() === Number(value.slice(8, 10));
}

function quarantine(item: unknown, detail: string): PricedItem {
  const { project, source, id } = (item ?? {}) as Record<string, unknown>;
  return {
    outcome: 'quarantined',
    reason: 'invalid_event',
    detail,
    project: textOr(project),
    source: textOr(source),
    id: textOr(id),
    payload: JSON.stringify(item),
    payload_encoding: 'json',
  };
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
