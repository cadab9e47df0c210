import { type HourOfUsage, USAGE_HOURS_MAX } from '#clickhouse';

const HOUR_MS = 3_600_000;

/**
 * Where a slice that begins at `atMs` ends, so that it holds about `eventsMax` events: behind whole hours, or inside the first
 * one when that alone is too large. `hours` are the next ones that have events; all of them, if fewer than can be listed.
 */
export function sliceEnd(
  { atMs, endMs }: { atMs: number; endMs: number },
  hours: readonly HourOfUsage[],
  eventsMax: number,
): number {
  let events = 0;
  let toMs = atMs;
  for (const { startMs, events: more } of hours) {
    if (startMs >= endMs) return endMs;
    if (events > 0 && events + more > eventsMax) return toMs;
    if (more > eventsMax) {
      const share = Math.max(1, Math.floor((HOUR_MS * eventsMax) / more));
      // From where the slice or the hour begins, whichever is later.
      return Math.min(Math.max(atMs, startMs) + share, startMs + HOUR_MS, endMs);
    }
    events += more;
    toMs = startMs + HOUR_MS;
  }
  return hours.length < USAGE_HOURS_MAX ? endMs : Math.min(toMs, endMs);
}
