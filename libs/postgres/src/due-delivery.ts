import type { Channel, SigningSecret } from './tables/webhook-endpoints.js';

/** One alert on its way to one endpoint, with everything that an attempt needs. */
export interface DueDelivery {
  id: string;
  project: string;
  /** Attempts made so far. */
  attempts: number;
  /** Of these, the ones before the present run through the schedule. */
  attemptsBefore: number;
  alert: {
    id: string;
    type: string;
    /** Rises in the order of recording. */
    sequence: bigint;
    data: Record<string, unknown>;
    raisedAt: Date;
  };
  endpoint: { id: string; channel: Channel; url: string; secrets: SigningSecret[] };
}

export interface DueRow {
  id: string;
  project: string;
  attempts: number;
  attempts_before: number;
  alert: string;
  type: string;
  sequence: bigint;
  data: Record<string, unknown>;
  raised_at: Date;
  endpoint: string;
  channel: Channel;
  url: string;
  secrets: SigningSecret[];
}

/** The alert's data is always as the database has it, so every attempt sends the same bytes. */
export function dueDelivery(row: DueRow): DueDelivery {
  return {
    id: row.id,
    project: row.project,
    attempts: row.attempts,
    attemptsBefore: row.attempts_before,
    alert: {
      id: row.alert,
      type: row.type,
      sequence: row.sequence,
      data: row.data,
      raisedAt: row.raised_at,
    },
    endpoint: { id: row.endpoint, channel: row.channel, url: row.url, secrets: row.secrets },
  };
}
