import type { Scope, WatchDimension } from '#contracts';
import type { RateMeasure } from '#meters';

/** A rate over a sliding span as its row has it. */
export interface Rate {
  id: string;
  project: string;
  name: string;
  on: RateMeasure;
  scope: Scope;
  per: WatchDimension[];
  over_seconds: number;
  /** A fixed bound in the measure's unit, as a decimal string; null when `change_percent` is given. */
  limit: string | null;
  /** Against the same hour of the seven days before, in percent; null when `limit` is given. */
  change_percent: number | null;
  /** Fewer events than this in the span: no statement. */
  events_min: number;
  change: bigint;
  created_at: string;
  deleted_at: string | null;
}
