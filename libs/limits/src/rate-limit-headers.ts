import type { Quotas } from './quotas.js';
import type { Standing } from './rate-limiter.js';

/** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers: structured fields, a policy for each kind. */
export function rateLimitHeaders(
  { policy }: Quotas,
  { left, secondsLeft: t }: Standing,
): Record<string, string> {
  const { requests, events, bytes } = left;
  const ratelimit = `"requests";r=${requests};t=${t}, "events";r=${events};t=${t}, "bytes";r=${bytes};t=${t}`;
  return { 'ratelimit-policy': policy, ratelimit };
}
