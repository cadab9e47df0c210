import type { BudgetWindow, Scope, WatchDimension } from '#contracts';
import type { BudgetMeasure } from '#meters';

export interface BudgetRaise {
  /** The limit while it lasts; in the measure's unit. */
  limit: string;
  /** RFC 3339, UTC. */
  until: string;
}

/** A budget as its row has it. Amounts are decimal strings: US dollars for cost, whole counts otherwise. */
export interface Budget {
  id: string;
  project: string;
  name: string;
  on: BudgetMeasure;
  scope: Scope;
  per: WatchDimension[];
  limit: string;
  window: BudgetWindow;
  /** `"80%"` of the limit, or an amount in the measure's unit. */
  thresholds: string[];
  hard: boolean;
  projected: boolean;
  suspended: boolean;
  raise: BudgetRaise | null;
  /** Seconds between reminders while breached; null: none. */
  renotify_seconds: number | null;
  /** Rises with every change of the row, over all rows: whoever asks for what is above the last seen misses nothing. */
  change: bigint;
  /** Rises by 3 when the limit changes, or that of a raise: the time of a raise and that behind it are one and two above. */
  arming: number;
  /** Since when its limits and thresholds stand: windows that had ended by then were theirs who stood before. */
  armed_at: string;
  created_at: string;
  deleted_at: string | null;
}
