import type { CarriedValues } from './usage-event.js';
import type { UsageVector } from './usage-vector.js';

export const PRICED_SCHEMA = 'usage.priced.v1';

/** Where an event lies in `usage.recorded`. The cluster id keeps a rebuilt log from being taken for the old one. */
export interface Origin {
  cluster: string;
  partition: number;
  offset: string;
  /** Time of the broker's append, RFC 3339 with milliseconds, UTC. */
  appended_at: string;
}

/** One line of a price's working: `amount = quantity * price / per`, in US dollars as decimal strings. */
export interface CostLine {
  unit: string;
  quantity: number;
  price: string;
  per: number;
  amount: string;
}

export const UNPRICED_REASONS = [
  'unknown_provider',
  'unknown_model',
  'no_variant',
  'missing_dimension',
  'inconsistent_usage',
  'no_usage',
  'price_error',
] as const;
export type UnpricedReason = (typeof UNPRICED_REASONS)[number];

/** What the provider charges: an exact amount, nothing by an explicit zero price, or unknown with a reason. Never a silent zero. */
export type Cost =
  | { state: 'priced'; amount: string; lines: CostLine[]; price_version: string }
  | { state: 'free'; amount: '0'; lines: CostLine[]; price_version: string }
  | {
      state: 'unpriced';
      reason: UnpricedReason;
      detail: string;
      /** What could be priced of it; shown, never summed into cost. */
      partial: string;
      lines: CostLine[];
      price_version: string;
    };

export interface PricedUsage extends CarriedValues {
  outcome: 'usage';
  /** 32 hex digits: see `identityOf`. */
  identity: string;
  /** 32 hex digits over what the caller sent: see `contentHashOf`. */
  content: string;
  project: string;
  source: string;
  id: string;
  type: string;
  key: string;
  /** RFC 3339 with milliseconds, UTC. */
  event_time: string;
  received_at: string;
  usage: UsageVector;
  cost: Cost;
}

export const QUARANTINE_REASONS = [
  'not_json',
  'unknown_schema',
  'invalid_envelope',
  'invalid_event',
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

/** An item that cannot become usage. It keeps its position and its bytes, so that nothing is lost and it can be replayed. */
export interface QuarantinedUsage {
  outcome: 'quarantined';
  reason: QuarantineReason;
  detail: string;
  /** Null when not even the project could be read. */
  project: string | null;
  source: string | null;
  id: string | null;
  /**
   * JSON text: of an event (`invalid_event`) its `RecordedBatch` with this event alone, which can be sent again as it is;
   * of a record the whole value. The record's bytes in base64 when they are not JSON.
   */
  payload: string;
  payload_encoding: 'json' | 'base64';
}

export type PricedItem = PricedUsage | QuarantinedUsage;

/** The value of one record in `usage.priced`: exactly one for each record of `usage.recorded`, in the same partition. */
export interface PricedEnvelope {
  v: 1;
  origin: Origin;
  items: PricedItem[];
}
