/** What a subject used on one day; a day is counted in days since the epoch, UTC. */
export interface DayAmount {
  day: number;
  amount: bigint;
}

/**
 * One amount a day without gaps, from the first day that is given to `lastDay`: days without usage are zero. A sum that
 * is being corrected may pass below zero; it counts as zero. Empty when the first day lies behind `lastDay`.
 */
export function daySeries(days: readonly DayAmount[], lastDay: number): bigint[] {
  const amounts = new Map(days.map(({ day, amount }) => [day, amount < 0n ? 0n : amount]));
  const firstDay = Math.min(...amounts.keys());
  if (!(firstDay <= lastDay)) return [];
  return Array.from(
    { length: lastDay - firstDay + 1 },
    (_, place) => amounts.get(firstDay + place) ?? 0n,
  );
}
