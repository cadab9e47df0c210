import type { ColumnType } from 'kysely';
import type { BudgetWindow, Scope, WatchDimension } from '#contracts';
import type { BudgetMeasure, RateMeasure } from '#meters';
import type { BudgetRaise } from '#watches';

export interface BudgetsTable {
  id: string;
  project: string;
  name: string;
  measure: ColumnType<BudgetMeasure, BudgetMeasure, never>;
  scope: ColumnType<Scope, string, never>;
  per: ColumnType<WatchDimension[], WatchDimension[], never>;
  /** A decimal string in the measure's unit. */
  limit_amount: string;
  budget_window: ColumnType<BudgetWindow, string, never>;
  thresholds: string[];
  hard: boolean;
  projected: boolean;
  suspended: boolean;
  raise: ColumnType<BudgetRaise | null, string | null, string | null>;
  renotify_seconds: number | null;
  arming: ColumnType<number, undefined, number>;
  armed_at: ColumnType<Date, string | undefined, Date>;
  change: ColumnType<bigint, undefined, bigint>;
  /** The transaction of the last change. */
  changed_in: ColumnType<string, undefined, string>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}

export interface RatesTable {
  id: string;
  project: string;
  name: string;
  measure: ColumnType<RateMeasure, RateMeasure, never>;
  scope: ColumnType<Scope, string, never>;
  per: ColumnType<WatchDimension[], WatchDimension[], never>;
  over_seconds: ColumnType<number, number, never>;
  /** A decimal string in the measure's unit; null where `change_percent` is set. */
  limit_amount: string | null;
  change_percent: number | null;
  events_min: number;
  change: ColumnType<bigint, undefined, bigint>;
  changed_in: ColumnType<string, undefined, string>;
  created_at: ColumnType<Date, undefined, never>;
  deleted_at: ColumnType<Date | null, undefined, Date>;
}
