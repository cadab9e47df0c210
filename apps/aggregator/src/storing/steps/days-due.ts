/** Every stored day is audited once in it. */
export const AUDIT_ROUND_MS = 7 * 86_400_000;

/**
 * The days whose turn came behind `fromMs`, up to `toMs`. Turns are spread over a round in the order of the days, by the clock
 * alone: whoever starts anew goes on where the clock stands, and a day more moves the others' turns by little.
 */
export function daysDue(days: readonly string[], fromMs: number, toMs: number): string[] {
  if (toMs - fromMs >= AUDIT_ROUND_MS) return [...days];
  return days.filter((_, at) => {
    const turnMs = Math.floor((at / days.length) * AUDIT_ROUND_MS);
    return roundsBefore(toMs, turnMs) > roundsBefore(fromMs, turnMs);
  });
}

/** How many times a turn has come since the epoch. */
function roundsBefore(atMs: number, turnMs: number): number {
  return Math.floor((atMs - turnMs) / AUDIT_ROUND_MS);
}
