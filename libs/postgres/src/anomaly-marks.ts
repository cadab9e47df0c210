import { sql } from 'kysely';
import {
  type AlertRaised,
  ANOMALY_DIMENSIONS,
  type AnomalyDimension,
  type AnomalyDirection,
  type AnomalyMark,
  type AnomalyMeasure,
} from '#contracts';
import type { Postgres } from './database.js';
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

/** The marked days. */
export class AnomalyMarks {
  constructor(private readonly postgres: Postgres) {}

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
