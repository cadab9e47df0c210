import type { BillingPeriod } from '#invoicing';

/**
 * Why a period's usage is not whole yet; null once everything acknowledged before its end is stored. What senders bring
 * later still is late, and goes onto a correction.
 *
 * @param freshToMs up to when everything acknowledged is stored; null while nobody can say
 */
export function openReason(
  { name, end }: BillingPeriod,
  nowMs: number,
  freshToMs: number | null,
): string | null {
  if (nowMs < end.getTime()) return `${name} is not over (it ends at ${end.toISOString()})`;
  if (freshToMs === null) return `nobody can say how much of ${name} is stored`;
  if (freshToMs >= end.getTime()) return null;
  return `${name} is stored up to ${new Date(freshToMs).toISOString()} only`;
}
