import { alertIdOf, type AlertRaised, canonicalJson, type CounterKey } from '#contracts';
import { decimalFromPico } from '#money';
import { type CompiledBudget, limitsOf, projectBudget } from '#watches';

const THRESHOLD = 'projected';

/**
 * A counter of the present window that will pass its limit on its pace so far; null when it will not, when it has
 * already, and when it is too early to say. One alert for each window and arming, however often it is found.
 */
export function overrunOf(
  compiled: CompiledBudget,
  { key, amount }: { key: CounterKey; amount: bigint },
  nowMs: number,
): AlertRaised | null {
  const { budget } = compiled;
  const window = compiled.windows.of(nowMs);
  const { limit, limitText, arming } = limitsOf(compiled, nowMs);
  if (amount >= limit) return null;
  const projection = projectBudget(budget, { value: amount, limit, window }, nowMs);
  if (projection === null || projection.exhaustedAtMs === null) return null;
  const { project, id: watch, name, on, scope } = budget;
  const [window_start, window_end, exhausted_at, raised_at] = [
    window.startMs,
    window.endMs,
    projection.exhaustedAtMs,
    nowMs,
  ].map((ms) => new Date(ms).toISOString()) as [string, string, string, string];
  const textOf = (units: bigint) => (on === 'cost' ? decimalFromPico(units) : String(units));
  const type = 'budget.projected_overrun';
  const counterKey = canonicalJson(key);
  const identity = { type, project, watch, counterKey, windowStart: window_start, arming };
  return {
    v: 1,
    id: alertIdOf({ ...identity, threshold: THRESHOLD }),
    project,
    type,
    raised_at,
    raised_by: {
      watch,
      counter: counterKey,
      window_start,
      window_end,
      threshold: THRESHOLD,
      arming,
    },
    data: {
      budget: watch,
      name,
      on,
      counter: key,
      customer: key.customer ?? scope.customer ?? null,
      limit: limitText,
      value: textOf(amount),
      window_start,
      window_end,
      projected_value: textOf(projection.value),
      exhausted_at,
    },
  };
}
