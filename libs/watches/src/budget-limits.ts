import { unitsFromDecimal } from '#meters';
import { formatDecimal, parseDecimal } from '#money';
import type { Budget } from './budget.js';
import type { CompiledBudget } from './compile-watch.js';

/** The name of a budget's limit among its thresholds. */
export const LIMIT_THRESHOLD = '100%';

/** A threshold in units of the measure: pico-dollars of cost, else whole counts. */
export interface BudgetThreshold {
  name: string;
  amount: bigint;
}

/** What a budget asks for at a moment, its temporary raise taken into account. */
export interface BudgetLimits {
  limit: bigint;
  limitText: string;
  /** By amount, which is the order in which they are told of; the limit is among them as `100%`. None while suspended. */
  thresholds: BudgetThreshold[];
  /** Part of an alert's identity: another one after the limit changed or a raise ended. */
  arming: number;
  /** Since when they stand, in milliseconds since the epoch. */
  sinceMs: number;
  /** Changes whenever counters must be held against new thresholds. */
  revision: string;
}

/** Thousands of budgets are asked several times a second whether their limits have changed. */
const known = new WeakMap<CompiledBudget, { phase: number; limits: BudgetLimits }>();

/** The limits in force. A raise counts as an arming of its own, and so does the time behind it. */
export function limitsOf(compiled: CompiledBudget, nowMs: number): BudgetLimits {
  const phase = raisePhaseOf(compiled.budget, nowMs);
  const last = known.get(compiled);
  if (last?.phase === phase) return last.limits;
  const limits = limitsIn(phase, compiled);
  known.set(compiled, { phase, limits });
  return limits;
}

function limitsIn(phase: 0 | 1 | 2, { budget, meter: { unit } }: CompiledBudget): BudgetLimits {
  const { raise, suspended, armed_at } = budget;
  const limitText = phase === 1 ? raise!.limit : budget.limit;
  const limit = unitsFromDecimal(limitText, unit);
  const arming = budget.arming + phase;
  const named = budget.thresholds.map((name) => ({
    name,
    amount: unitsFromDecimal(thresholdAmount(name, limitText), unit),
  }));
  const others = named.filter(({ amount }) => amount !== limit);
  const all = [...others, { name: LIMIT_THRESHOLD, amount: limit }];
  const thresholds = suspended ? [] : all.sort((a, b) => Number(a.amount - b.amount));
  const armedMs = Date.parse(armed_at);
  const sinceMs = phase === 2 ? Math.max(armedMs, Date.parse(raise!.until)) : armedMs;
  const texts = thresholds.map(({ name, amount }) => `${name}=${amount}`);
  const revision = [arming, limit, ...texts].join('|');
  return { limit, limitText, thresholds, arming, sinceMs, revision };
}

/** 0 without a temporary raise, 1 while it lasts, 2 behind it. */
export function raisePhaseOf({ raise }: Budget, nowMs: number): 0 | 1 | 2 {
  if (raise === null) return 0;
  return nowMs < Date.parse(raise.until) ? 1 : 2;
}

/** What a revision was made for. */
export function readRevision(revision: string): { arming: number; limit: bigint } | null {
  const [arming, limit] = revision.split('|');
  return limit === undefined ? null : { arming: Number(arming), limit: BigInt(limit) };
}

/** The decimal amount of a threshold: of `80%`, that share of the limit, exactly. Throws for what is no decimal. */
export function thresholdAmount(threshold: string, limit: string): string {
  if (!threshold.endsWith('%')) return threshold;
  const share = parseDecimal(threshold.slice(0, -1));
  const whole = parseDecimal(limit);
  if (share === null || whole === null) throw new Error(`not ${threshold} of an amount: ${limit}`);
  return formatDecimal({ units: whole.units * share.units, scale: whole.scale + share.scale + 2 });
}
