import { sql } from 'kysely';
import {
  type AlertRaised,
  ANOMALY_DIMENSIONS,
  type AnomalyDimension,
  type AnomalyDirection,
  type AnomalyMark,
  type AnomalyMeasure,
} from '#contracts';
import { inTransaction, type Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';

/** What was judged: marks of it that are not among the found ones hold no longer. */
export interface JudgedDays {
  project: string;
  dimension: AnomalyDimension;
  measures: readonly AnomalyMeasure[];
  /** `YYYY-MM-DD`, each with the directions that could be told already. */
  days: readonly { day: string; directions: readonly AnomalyDirection[] }[];
  /** The subjects that were judged; null for all that there are. */
  subjects: readonly string[] | null;
}

export interface FoundMark extends AnomalyMark {
  alert: AlertRaised;
}

/** What a mark must have, all of it; a mark is about a customer or about a model. */
export interface AnomalyFilter {
  project: string;
  dimension?: AnomalyDimension | undefined;
  customer?: string | undefined;
  model?: string | undefined;
  /** `YYYY-MM-DD`, inclusive. */
  fromDay?: string | undefined;
  /** `YYYY-MM-DD`, exclusive. */
  beforeDay?: string | undefined;
}

export type ListedMark = AnomalyMark & { created_at: Date };

/** The marked days. A mark and the alert that it owes come into being in one statement. */
export class AnomalyMarks {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Makes the marks of what was judged those that were found: new ones are written, unraised; numbers that moved are moved;
   * what no longer holds goes. The alert of a mark stays as it was first written. Answers how many are new.
   */
  replace(judged: JudgedDays, found: readonly FoundMark[]): Promise<number> {
    return inTransaction(this.postgres, async (transaction) => {
      await clear(transaction, judged, found);
      if (found.length === 0) return 0;
      const { rows } = await sql<{ is_new: boolean }>`
        INSERT INTO anomalies (id, project, dimension, subject, day, measure, direction, value, expected, deviation, score, explanation, alert)
        SELECT id, project, dimension, subject, day, measure, direction, value, expected, deviation, score, explanation, alert
        FROM jsonb_to_recordset(${JSON.stringify(found)}::jsonb) AS found (
          id text, project text, dimension text, subject text, day date, measure text, direction text, value text,
          expected text, deviation text, score double precision, explanation text, alert jsonb)
        ON CONFLICT (id) DO UPDATE
          SET value = excluded.value, expected = excluded.expected, deviation = excluded.deviation, score = excluded.score,
              explanation = excluded.explanation
          WHERE (anomalies.value, anomalies.expected, anomalies.deviation, anomalies.score)
            IS DISTINCT FROM (excluded.value, excluded.expected, excluded.deviation, excluded.score)
        RETURNING (xmax = 0) AS is_new`.execute(transaction);
      return rows.filter(({ is_new }) => is_new).length;
    });
  }

  /** Alerts that some marks still owe, the oldest first. */
  async unraised(limit: number): Promise<AlertRaised[]> {
    const rows = await this.postgres
      .selectFrom('anomalies')
      .select('alert')
      .where('raised', '=', false)
      .orderBy('created_at')
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(({ alert }) => alert);
  }

  async markRaised(ids: readonly string[]): Promise<void> {
    await this.postgres
      .updateTable('anomalies')
      .set({ raised: true })
      .where('id', 'in', [...ids])
      .execute();
  }

  /** From the last marked to the first. */
  list(filter: AnomalyFilter, request: ListRequest): Promise<ListedMark[]> {
    const { project, dimension, customer, model, fromDay, beforeDay } = filter;
    const subjects = { customer, model };
    let rows = this.postgres
      .selectFrom('anomalies')
      .select(['id', 'project', 'dimension', 'subject', 'measure', 'direction', 'value'])
      .select(['expected', 'deviation', 'score', 'explanation', 'created_at'])
      .select(sql<string>`day::text`.as('day'))
      .where('project', '=', project);
    for (const named of ANOMALY_DIMENSIONS) {
      const subject = subjects[named];
      if (subject !== undefined)
        rows = rows.where('dimension', '=', named).where('subject', '=', subject);
    }
    if (dimension !== undefined) rows = rows.where('dimension', '=', dimension);
    if (fromDay !== undefined) rows = rows.where(sql<boolean>`day >= ${fromDay}::date`);
    if (beforeDay !== undefined) rows = rows.where(sql<boolean>`day < ${beforeDay}::date`);
    return pageOf(rows, request);
  }
}

async function clear(
  transaction: Postgres,
  { project, dimension, measures, days, subjects }: JudgedDays,
  found: readonly FoundMark[],
): Promise<void> {
  const judged = days.flatMap(({ day, directions }) =>
    directions.map((direction) => ({ day, direction })),
  );
  await sql`
    DELETE FROM anomalies
    USING jsonb_to_recordset(${JSON.stringify(judged)}::jsonb) AS judged (day date, direction text)
    WHERE project = ${project} AND dimension = ${dimension} AND measure = ANY(${[...measures]}::text[])
      AND anomalies.day = judged.day AND anomalies.direction = judged.direction
      AND anomalies.id <> ALL(${found.map(({ id }) => id)}::text[])
      ${subjects === null ? sql`` : sql`AND subject = ANY(${[...subjects]}::text[])`}`.execute(
    transaction,
  );
}
