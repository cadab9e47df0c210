import type { RateMeasure } from '#contracts';
import { unitsFromDecimal } from '#money';
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
  | { by: 'share'; bound: number | null }
  | { by: 'latency'; percentile: number; bound: number | null };

/** The share of events that a percentile does not exceed. */
export const PERCENTILES: Partial<Record<RateMeasure, number>> = {
  latency_p50: 0.5,
  latency_p95: 0.95,
  latency_p99: 0.99,
};

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

function boundsOfRate({ rate }: CompiledRate): SlidingBounds {
  const { on, limit, change, events_min: eventsMin } = rate;
  return {
    version: Number(change) * 3,
    limitsArming: 0,
    limitText: limit,
    measured: measuredOf(on, limit),
    eventsMin,
  };
}

function measuredOf(on: RateMeasure, limit: string | null): Measured {
  const bound = limit === null ? null : Number.parseFloat(limit);
  if (on === 'errors') return { by: 'share', bound };
  const percentile = PERCENTILES[on];
  if (percentile !== undefined) return { by: 'latency', percentile, bound };
  const thresholds =
    limit === null ? [] : [{ name: RATE_BOUND, amount: unitsFromDecimal(limit, on) }];
  return { by: 'amount', thresholds };
}
