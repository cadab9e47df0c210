import { alertOfWatch, type AlertRaised, type CounterKey } from '#contracts';
import { decimalFromUnits } from '#meters';
import { type CompiledBudget, limitsOf, projectBudget } from '#watches';

const THRESHOLD = 'projected';

/**
 * A counter of the present window that will pass its limit on its pace so far; null when it will not, when it has
 * already, and when it is too early to say. One alert for each window and arming, however often it is found. `counter`
 * is canonical JSON of the counter key.
 */
export function overrunOf(
  compiled: CompiledBudget,
  { counter, amount }: { counter: string; amount: bigint },
  nowMs: number,
): AlertRaised | null {
  const { budget, meter } = compiled;
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
  const key = JSON.parse(counter) as CounterKey;
  return alertOfWatch({
    type: 'budget.projected_overrun',
    project,
    raised_at,
    raised_by: { watch, counter, window_start, window_end, threshold: THRESHOLD, arming },
    data: {
      budget: watch,
      name,
      on,
      counter: key,
      customer: key.customer ?? scope.customer ?? null,
      limit: limitText,
      value: decimalFromUnits(amount, meter.unit),
      window_start,
      window_end,
      projected_value: decimalFromUnits(projection.value, meter.unit),
      exhausted_at,
    },
  });
}
