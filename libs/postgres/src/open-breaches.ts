import { sql } from 'kysely';
import type { Postgres } from './database.js';

/** A breach that its counter has not recovered from in its window, as its alert says. */
export interface OpenBreach {
  project: string;
  watch: string;
  /** Canonical JSON of the counter key. */
  counter: string;
  /** Null where the watch has no windows of its own. */
  windowStart: Date | null;
  windowEnd: Date | null;
  arming: number;
  raisedAt: Date;
  /** Somebody has seen it, or a reminder of it. */
  acknowledged: boolean;
  data: Record<string, unknown>;
}

interface BreachRow {
  project: string;
  watch: string;
  counter: string;
  window_start: Date | null;
  window_end: Date | null;
  arming: number;
  raised_at: Date;
  acknowledged: boolean;
  data: Record<string, unknown>;
}

const IS_REMINDER = sql`coalesce((data ->> 'reminder')::boolean, false)`;
const COLUMNS = sql`project, watch, counter, window_start, window_end, arming, raised_at, data`;

/** What the alerts that were recorded say about breaches that go on. */
export class OpenBreaches {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Breaches that were raised within their window when that ended, above `after` up to `to`, the earliest end first, and
   * projects in turns: one that has many does not keep the others beyond the limit. Left out are watches that are deleted
   * or suspended: nobody is told of them.
   */
  async ended({
    after,
    to,
    limit,
  }: {
    after: Date;
    to: Date;
    limit: number;
  }): Promise<OpenBreach[]> {
    const { rows } = await sql<BreachRow>`
      SELECT ${COLUMNS}, false AS acknowledged FROM alerts AS breach
      WHERE type = 'budget.breached' AND NOT test AND NOT ${IS_REMINDER}
        AND window_end > ${after} AND window_end <= ${to} AND raised_at < window_end
        AND NOT EXISTS (
          SELECT FROM alerts AS later
          WHERE later.watch = breach.watch AND md5(later.counter) = md5(breach.counter)
            AND later.counter = breach.counter AND later.sequence > breach.sequence
            AND later.window_start = breach.window_start
            AND (later.type = 'budget.recovered'
              OR later.type = 'budget.breached' AND later.arming <> breach.arming AND later.raised_at < later.window_end))
        AND EXISTS (SELECT FROM budgets WHERE id = breach.watch AND deleted_at IS NULL AND NOT suspended)
      ORDER BY row_number() OVER (PARTITION BY project ORDER BY window_end, sequence), window_end, sequence
      LIMIT ${limit}`.execute(this.postgres);
    return rows.map(breachOf);
  }

  /**
   * Breaches whose windows last at `now` and whose budget may have had other limits since: nothing came of the counter
   * under another arming number, and it has not recovered. Rolling budgets are left out: their counters keep numbers of
   * their own.
   */
  async ofFormerLimits(now: Date): Promise<OpenBreach[]> {
    const { rows } = await sql<BreachRow>`
      SELECT breach.project, watch, counter, window_start, window_end, breach.arming, raised_at, data, false AS acknowledged
      FROM alerts AS breach JOIN budgets ON budgets.id = breach.watch
      WHERE type = 'budget.breached' AND NOT test AND NOT ${IS_REMINDER}
        AND (window_end > ${now} OR window_end IS NULL)
        AND budgets.deleted_at IS NULL AND NOT suspended AND budget_window ->> 'kind' <> 'rolling'
        AND (breach.arming <> budgets.arming OR raise IS NOT NULL)
        AND NOT EXISTS (
          SELECT FROM alerts AS later
          WHERE later.watch = breach.watch AND md5(later.counter) = md5(breach.counter)
            AND later.counter = breach.counter AND later.window_start IS NOT DISTINCT FROM breach.window_start
            AND (later.type = 'budget.recovered' AND later.arming = breach.arming
              OR later.type = 'budget.breached' AND later.arming > breach.arming))
      ORDER BY sequence`.execute(this.postgres);
    return rows.map(breachOf);
  }

  /** Breaches of these watches whose windows last at `now`, or have no end. */
  async lasting(watches: readonly string[], now: Date): Promise<OpenBreach[]> {
    const { rows } = await sql<BreachRow & { type: string }>`
      WITH latest AS (
        SELECT DISTINCT ON (watch, counter, window_start) type, sequence, ${COLUMNS}
        FROM alerts
        WHERE watch = ANY(${watches}) AND type IN ('budget.breached', 'budget.recovered')
          AND NOT test AND NOT ${IS_REMINDER} AND (window_end > ${now} OR window_end IS NULL)
        ORDER BY watch, counter, window_start, sequence DESC
      )
      SELECT ${COLUMNS}, EXISTS (
          SELECT FROM alerts AS seen
          WHERE seen.watch = latest.watch AND md5(seen.counter) = md5(latest.counter)
            AND seen.counter = latest.counter AND seen.sequence >= latest.sequence
            AND seen.type = 'budget.breached' AND seen.acknowledged_at IS NOT NULL) AS acknowledged
      FROM latest WHERE type = 'budget.breached' ORDER BY sequence`.execute(this.postgres);
    return rows.map(breachOf);
  }
}

function breachOf(row: BreachRow): OpenBreach {
  const { project, watch, counter, arming, acknowledged, data } = row;
  const window = { windowStart: row.window_start, windowEnd: row.window_end };
  return {
    project,
    watch,
    counter,
    ...window,
    arming,
    raisedAt: row.raised_at,
    acknowledged,
    data,
  };
}
