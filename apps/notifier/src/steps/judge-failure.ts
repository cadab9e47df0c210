const HOUR_MS = 3_600_000;
const FAILING_MS_MAX = 5 * 24 * HOUR_MS;

/** The span before a failure in which another one must lie, before a long failure counts as one. */
export const EARLIER_FAILURE_MS = { from: 24 * HOUR_MS, to: 12 * HOUR_MS } as const;

export type DisableReason = 'gone' | 'failing';

/**
 * What a failed attempt means for its endpoint. `if-failed-before`: it has been failing for five days, and is to be
 * disabled if it failed also in `EARLIER_FAILURE_MS`: two lone failures with a quiet week between them are no reason.
 */
export function judgeFailure(
  status: number | null,
  { failingSince, at }: { failingSince: Date; at: Date },
): 'gone' | 'if-failed-before' | 'keep' {
  if (status === 410) return 'gone';
  return at.getTime() - failingSince.getTime() >= FAILING_MS_MAX ? 'if-failed-before' : 'keep';
}
