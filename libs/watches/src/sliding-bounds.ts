import { type JudgedBy, unitsFromDecimal } from '#meters';
import { type BudgetThreshold, limitsOf, raisePhaseOf } from './budget-limits.js';
import type { CompiledRate, SlidingWatch } from './compile-watch.js';

/** The name of a rate's one threshold. */
export const RATE_BOUND = 'bound';

/** What a sliding watch is held against at a moment. */
export interface SlidingBounds {
  /** Rises with every change: who holds older bounds must not judge any more. */
  version: number;
  /** Changes where new limits raise anew what is reached already: of budgets. */
  limitsArming: number;
  /** In the measure's unit; null where the bound comes from earlier days. */
  limitText: string | null;
  measured: Measured;
  /** Fewer events than this in the span: nothing is reached. */
  eventsMin: number;
}

/** Amounts in units of the measure, a share from 0 to 1, or a percentile (0 to 1) in milliseconds. No bound: earlier days have it. */
export type Measured =
  | { by: 'amount'; thresholds: BudgetThreshold[] }
  | (Exclude<JudgedBy, { by: 'amount' }> & { bound: number | null });

/** Null while the watch is suspended: then nobody judges, and what is reached stays so. */
export function slidingBoundsOf(compiled: SlidingWatch, nowMs: number): SlidingBounds | null {
  if (compiled.budget === null) return boundsOfRate(compiled);
  const { budget } = compiled;
  if (budget.suspended) return null;
  const { thresholds, arming, limitText } = limitsOf(compiled, nowMs);
  return {
    version: Number(budget.change) * 3 + raisePhaseOf(budget, nowMs),
    limitsArming: arming,
    limitText,
    measured: { by: 'amount', thresholds },
    eventsMin: 0,
  };
}

function boundsOfRate(compiled: CompiledRate): SlidingBounds {
  const { limit, change, events_min: eventsMin } = compiled.rate;
  return {
    version: Number(change) * 3,
    limitsArming: 0,
    limitText: limit,
    measured: measuredOf(compiled),
    eventsMin,
  };
}

function measuredOf({ rate: { limit }, meter: { aggregation, unit } }: CompiledRate): Measured {
  const { judged } = aggregation;
  if (judged.by !== 'amount')
    return { ...judged, bound: limit === null ? null : Number.parseFloat(limit) };
  const thresholds =
    limit === null ? [] : [{ name: RATE_BOUND, amount: unitsFromDecimal(limit, unit) }];
  return { by: 'amount', thresholds };
}
