import type { ColumnType } from 'kysely';

/** `url` is `mailto:<address>` for `email`. */
export type Channel = 'webhook' | 'slack' | 'email';

export interface SigningSecret {
  /** Sealed, with the endpoint as its owner: `whsec_` and the base64 of the key. */
  secret: string;
  /** RFC 3339: from then on it signs no more. Null for the one in force. */
  expires_at: string | null;
}

export interface WebhookEndpointsTable {
  id: string;
  project: string;
  channel: ColumnType<Channel, Channel, never>;
  url: string;
  events: string[];
  description: string | null;
  secrets: ColumnType<SigningSecret[], string, string>;
  disabled_at: ColumnType<Date | null, undefined, Date | null>;
  disabled_reason: ColumnType<string | null, undefined, string | null>;
  /** Null until whoever reads an address's mail has agreed; other channels are confirmed as they are made. */
  confirmed_at: ColumnType<Date | null, Date | null | undefined, Date | null>;
  confirmation_tries: ColumnType<number, undefined, number>;
  failing_since: ColumnType<Date | null, undefined, Date | null>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}
