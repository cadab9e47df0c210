import type { ErrorDetail } from '#http';
import { METERS } from '#meters';
import { parseDecimal } from '#money';
import type { Budget } from '#watches';

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
  const { limit, window, projected, raise } = terms;
  const ofAmounts = checkAmounts(terms);
  if (ofAmounts !== null) return ofAmounts;
  if (projected && window.kind !== 'calendar')
    return { field: 'projected', message: 'belongs to calendar windows' };
  return raise && (given.has('raise') || given.has('limit'))
    ? checkRaise(raise, { limit, isNew: given.has('raise') }, nowMs)
    : null;
}

/** Each has to be an amount of what is counted. */
function checkAmounts({ on, limit, thresholds, raise }: BudgetTerms): ErrorDetail | null {
  const amounts = [
    ['limit', limit],
    ...thresholds.filter((text) => !text.endsWith('%')).map((text) => ['thresholds', text]),
    ...(raise ? [['raise.limit', raise.limit]] : []),
  ] as [string, string][];
  for (const [field, amount] of amounts) {
    const message = METERS[on].unit.refuse(amount);
    if (message !== null) return { field, message };
  }
  return null;
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
