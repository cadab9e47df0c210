import type { Budget } from '#contracts';
import type { ErrorDetail } from '#http';
import { parseDecimal } from '#money';
import { isWhole, WHOLE_MESSAGE } from '../watches/amount-text.js';

export type BudgetTerms = Pick<
  Budget,
  'on' | 'limit' | 'window' | 'thresholds' | 'projected' | 'raise'
>;

/** What is wrong with fields that are right one by one, or null. `given` are those that the request has. */
export function checkBudget(
  terms: BudgetTerms,
  given: ReadonlySet<string>,
  nowMs: number,
): ErrorDetail | null {
  const { on, limit, window, thresholds, projected, raise } = terms;
  if (on !== 'cost') {
    if (!isWhole(limit)) return { field: 'limit', message: WHOLE_MESSAGE };
    if (thresholds.some((threshold) => !threshold.endsWith('%') && !isWhole(threshold)))
      return { field: 'thresholds', message: WHOLE_MESSAGE };
    if (raise && !isWhole(raise.limit)) return { field: 'raise.limit', message: WHOLE_MESSAGE };
  }
  if (projected && window.kind !== 'calendar')
    return { field: 'projected', message: 'belongs to calendar windows' };
  return raise && (given.has('raise') || given.has('limit'))
    ? checkRaise(raise, { limit, isNew: given.has('raise') }, nowMs)
    : null;
}

/** One that is over is as good as none. */
function checkRaise(
  raise: NonNullable<Budget['raise']>,
  { limit, isNew }: { limit: string; isNew: boolean },
  nowMs: number,
): ErrorDetail | null {
  if (Date.parse(raise.until) <= nowMs)
    return isNew ? { field: 'raise.until', message: 'must lie in the future' } : null;
  if (isAbove(raise.limit, limit)) return null;
  return isNew
    ? { field: 'raise.limit', message: 'must be above the limit of the budget' }
    : { field: 'limit', message: 'must be below that of the raise in force: change or end it' };
}

function isAbove(a: string, b: string): boolean {
  const [first, second] = [parseDecimal(a)!, parseDecimal(b)!];
  const scaled = (units: bigint, scale: number) => units * 10n ** BigInt(scale);
  return scaled(first.units, second.scale) > scaled(second.units, first.scale);
}
