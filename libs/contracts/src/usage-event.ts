import type { UsageVector } from './usage-vector.js';

export const DEFAULT_SOURCE = 'api';
export const DEFAULT_TYPE = 'llm.call';

/**
 * A usage event as its caller sent it, with an id in any case: nulls are left out, and `time` is brought to
 * RFC 3339 in UTC with milliseconds, because a time without a zone is UTC and JavaScript thinks otherwise.
 */
export interface UsageEvent {
  id: string;
  source?: string;
  type?: string;
  time?: string;
  customer?: string;
  user?: string;
  application?: string;
  conversation?: string;
  job?: string;
  purpose?: string;
  provider?: string;
  model?: string;
  usage?: UsageVector;
  service_tier?: string;
  batch?: boolean;
  region?: string;
  status?: 'ok' | 'error';
  latency_ms?: number;
  provider_response_id?: string;
  /** Decimal string of US dollars; advisory, never the price. */
  provider_cost?: string;
  tags?: string[];
  properties?: Record<string, string | number | boolean>;
}
