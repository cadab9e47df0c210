/**
 * Latencies in bins of logarithmic width, each a tenth wider than the one before: a percentile read from them is within
 * 4.8 % of the exact one (0.1 / 2.1), below a millisecond within a millisecond.
 */
export const LATENCY_BIN_GROWTH = 1.1;
/** The last bin takes all that is longer: 1.1^255 ms is a year. */
const LATENCY_BIN_MAX = 255;

export function latencyBinOf(latencyMs: number): number {
  if (latencyMs <= 1) return 0;
  const bin = Math.ceil(Math.log(latencyMs) / Math.log(LATENCY_BIN_GROWTH));
  return Math.min(bin, LATENCY_BIN_MAX);
}

/** SQL: the same of a latency that is an expression. */
export function latencyBinSql(latencyMs: string): string {
  return `if(${latencyMs} <= 1, 0, least(${LATENCY_BIN_MAX}, ceil(log(${latencyMs}) / log(${LATENCY_BIN_GROWTH}))))`;
}

/** The latency in milliseconds that a share of the events (0 to 1) does not exceed: the middle of its bin. Null without events. */
export function latencyPercentile(bins: ReadonlyMap<number, number>, share: number): number | null {
  const sorted = [...bins].sort(([a], [b]) => a - b);
  const events = sorted.reduce((sum, [, count]) => sum + count, 0);
  let seen = 0;
  for (const [bin, count] of sorted) {
    seen += count;
    if (seen >= Math.ceil(share * events))
      return (2 * LATENCY_BIN_GROWTH ** bin) / (LATENCY_BIN_GROWTH + 1);
  }
  return null;
}
