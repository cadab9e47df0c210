import type { UsageVector } from './usage-vector.js';

export const DEFAULT_SOURCE = 'api';
export const DEFAULT_TYPE = 'llm.call';
/** Of one event, at most. */
export const TAGS_MAX = 50;
export const EVENT_STATUSES = ['ok', 'error'] as const;

/** What stands in a field of each kind. */
interface KindValues {
  /** Text that is never empty. */
  id: string;
  text: string;
  /** RFC 3339. */
  time: string;
  usage: UsageVector;
  boolean: boolean;
  status: (typeof EVENT_STATUSES)[number];
  number: number;
  /** Decimal string of US dollars. */
  decimal: string;
  list: string[];
  map: Record<string, string | number | boolean>;
}
export type FieldKind = keyof KindValues;

interface Field<K extends FieldKind, Type extends string> {
  kind: K;
  /** The type of its column in `usage_raw`, which has the field's name. */
  column: Type;
  /** For the OpenAPI page. */
  description?: string;
}

/** A column fits its kind, and can hold nothing when nothing stands in for the field while it is missing. */
type FittingField =
  | Field<'id', 'String'>
  | (Field<'text', 'LowCardinality(String)'> & { default: string })
  | (Field<'time', "DateTime64(3, 'UTC')"> & { columnName: string })
  | Field<'text' | 'decimal', 'Nullable(String)'>
  | Field<'text' | 'status', 'LowCardinality(Nullable(String))'>
  | Field<'boolean', 'Nullable(Bool)'>
  | Field<'number', 'Nullable(Float64)'>
  | Field<'list', 'Array(LowCardinality(String))'>
  | Field<'map', 'Map(LowCardinality(String), String)'>
  | Field<'usage', 'Map(LowCardinality(String), UInt64)'>;

/**
 * THE table of an event's fields, in the order in which they are checked and described. The event's type, its schemas on
 * the way, the scanner of bodies, the columns with their writers, and what the console shows of an event follow from it.
 */
export const EVENT_FIELDS = {
  id: {
    kind: 'id',
    column: 'String',
    description: 'Yours; makes a retry safe. Missing: a fresh one is made.',
  },
  source: {
    kind: 'text',
    default: DEFAULT_SOURCE,
    column: 'LowCardinality(String)',
    description: 'Namespace of the id; `api` when missing.',
  },
  type: {
    kind: 'text',
    default: DEFAULT_TYPE,
    column: 'LowCardinality(String)',
    description: 'What happened; `llm.call` when missing.',
  },
  time: {
    kind: 'time',
    column: "DateTime64(3, 'UTC')",
    columnName: 'event_time',
    description: 'RFC 3339; UTC without a zone; the time of receipt when missing.',
  },
  customer: { kind: 'text', column: 'Nullable(String)', description: 'Who is billed.' },
  user: {
    kind: 'text',
    column: 'Nullable(String)',
    description: 'The end user inside a customer.',
  },
  application: {
    kind: 'text',
    column: 'LowCardinality(Nullable(String))',
    description: 'The application that made the call.',
  },
  conversation: {
    kind: 'text',
    column: 'Nullable(String)',
    description: 'The conversation that the call belongs to.',
  },
  job: {
    kind: 'text',
    column: 'Nullable(String)',
    description: 'The job that the call belongs to.',
  },
  purpose: {
    kind: 'text',
    column: 'LowCardinality(Nullable(String))',
    description: 'What the call was for.',
  },
  provider: {
    kind: 'text',
    column: 'LowCardinality(Nullable(String))',
    description: 'The provider as you know it: `openai`, `anthropic`, ...',
  },
  model: {
    kind: 'text',
    column: 'LowCardinality(Nullable(String))',
    description: 'The model as you know it.',
  },
  usage: { kind: 'usage', column: 'Map(LowCardinality(String), UInt64)' },
  service_tier: {
    kind: 'text',
    column: 'LowCardinality(Nullable(String))',
    description: 'The tier that answered.',
  },
  batch: { kind: 'boolean', column: 'Nullable(Bool)' },
  region: {
    kind: 'text',
    column: 'LowCardinality(Nullable(String))',
    description: 'Where the call was served.',
  },
  status: { kind: 'status', column: 'LowCardinality(Nullable(String))' },
  latency_ms: { kind: 'number', column: 'Nullable(Float64)' },
  provider_response_id: {
    kind: 'text',
    column: 'Nullable(String)',
    description: "The provider's own id of its answer.",
  },
  provider_cost: {
    kind: 'decimal',
    column: 'Nullable(String)',
    description: 'US dollars as a decimal string; advisory, never the price.',
  },
  tags: { kind: 'list', column: 'Array(LowCardinality(String))' },
  // Each value as JSON text, so that numbers, booleans and strings stay apart.
  properties: { kind: 'map', column: 'Map(LowCardinality(String), String)' },
} as const satisfies Record<string, FittingField>;

export type EventField = keyof typeof EVENT_FIELDS;
export const EVENT_FIELD_NAMES = Object.keys(EVENT_FIELDS) as EventField[];

export type KindOf<F extends EventField> = (typeof EVENT_FIELDS)[F]['kind'];
export type ValueOf<F extends EventField> = KindValues[KindOf<F>];
