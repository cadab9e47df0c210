import type { UsageEvent } from './usage-event.js';

export const RECORDED_SCHEMA = 'usage.recorded.v1';

/** What an application's token says about its events, frozen at the door. */
export interface ApplicationStamp {
  id: string;
  provider: string | null;
  model: string;
  time_zone: string;
}

/** The events of one request that share a partition. */
export interface RecordedBatch {
  project: string;
  /** Id of the API key, never the key. */
  key: string;
  request_id: string;
  /** RFC 3339 with milliseconds, UTC; stamped once, at the door. */
  received_at: string;
  application?: ApplicationStamp;
  events: UsageEvent[];
}

/**
 * The value of one record in `usage.recorded`.
 * An event's index is its place counted over all batches in order, from 0.
 */
export interface RecordedEnvelope {
  v: 1;
  batches: RecordedBatch[];
}
