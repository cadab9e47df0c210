import { alertIdOf, type AlertRaised } from '#contracts';
import type { SetAsideWatch } from '#watch-book';

/** One alert for each definition of a watch that cannot be computed. */
export function alertOfSetAside({ watch, reason }: SetAsideWatch, nowMs: number): AlertRaised {
  const { id, project, name, change } = watch;
  const isRate = 'over_seconds' in watch;
  const type = isRate ? 'rate.set_aside' : 'budget.set_aside';
  const nothing = { counterKey: '', windowStart: '', arming: 0 };
  return {
    v: 1,
    id: alertIdOf({ type, project, watch: id, threshold: String(change), ...nothing }),
    project,
    type,
    raised_at: new Date(nowMs).toISOString(),
    raised_by: null,
    data: { [isRate ? 'rate' : 'budget']: id, name, reason },
  };
}
