import type { BudgetLimits } from '#watches';

export const COUNTER_STATES = ['ok', 'warning', 'breached', 'recovered', 'no_data'] as const;
export type CounterState = (typeof COUNTER_STATES)[number];

/** `recovered`: it was breached in this window, and a higher limit came. */
export function counterState(
  amount: bigint,
  { limit, thresholds }: Pick<BudgetLimits, 'limit' | 'thresholds'>,
  wasBreached: boolean,
): CounterState {
  if (amount >= limit) return 'breached';
  if (wasBreached) return 'recovered';
  return thresholds.some((threshold) => threshold.amount <= amount) ? 'warning' : 'ok';
}
