const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** From the attempt before to each attempt; the first is made at once. */
export const ATTEMPT_DELAYS_MS = [
  0,
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  10 * HOUR_MS,
] as const;

const JITTER = 0.1;
const RETRY_AFTER_MS_MAX = 24 * HOUR_MS;

/**
 * When the attempt behind `attempts` failed ones is due, in milliseconds since the epoch; null when the schedule has
 * ended. An endpoint that asks for a later time gets it, up to a day.
 * @param random from 0 to 1, without 1: spreads the attempts by a tenth to either side
 */
export function planNextAttempt(
  attempts: number,
  { nowMs, retryAfterMs, random }: { nowMs: number; retryAfterMs: number | null; random: number },
): number | null {
  const delayMs = ATTEMPT_DELAYS_MS[attempts];
  if (delayMs === undefined) return null;
  const spreadMs = delayMs * (1 - JITTER + 2 * JITTER * random);
  const askedMs = Math.min(retryAfterMs ?? 0, RETRY_AFTER_MS_MAX);
  return Math.round(nowMs + Math.max(spreadMs, askedMs));
}
