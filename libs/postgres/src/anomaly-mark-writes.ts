import { sql } from 'kysely';
import type { FoundMark, JudgedDays } from './anomaly-marks.js';
import { inTransaction, type Postgres } from './database.js';

/** Writes the marked days. A mark and the alert that it owes come into being in one statement. */
export class AnomalyMarkWrites {
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

  async markRaised(ids: readonly string[]): Promise<void> {
    await this.postgres
      .updateTable('anomalies')
      .set({ raised: true })
      .where('id', 'in', [...ids])
      .execute();
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
