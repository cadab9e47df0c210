import type { Quotas } from './quotas.js';
import type { Standing } from './rate-limiter.js';

/** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers: structured fields, a policy for each kind. */
export function rateLimitHeaders(
  { policy }: Quotas,
  { left, secondsLeft: t, pace }: Standing,
): Record<string, string> {
  const { requests, events, bytes } = left;
  const ratelimit = `"requests";r=${requests};t=${t}, "events";r=${events};t=${t}, "bytes";r=${bytes};t=${t}`;
  if (pace === null) return { 'ratelimit-policy': policy, ratelimit };
  return {
    'ratelimit-policy': `${policy}, "pace";q=${pace.perSecond};w=1;qu="events"`,
    ratelimit: `${ratelimit}, "pace";r=${pace.left};t=${Math.max(1, Math.ceil(pace.waitMs / 1_000))}`,
  };
}
