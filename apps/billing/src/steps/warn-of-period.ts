import type { BillingPeriod } from '#invoicing';

/** What to know before billing a period that is not over; null when it is. */
export function warnOfPeriod(period: BillingPeriod, now: Date): string | null {
  if (now >= period.end) return null;
  return `${period.name} is not over (it ends at ${period.end.toISOString()}): usage that comes later shows as unbilled`;
}
