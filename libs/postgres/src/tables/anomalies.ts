import type { ColumnType } from 'kysely';
import type {
  AlertRaised,
  AnomalyDimension,
  AnomalyDirection,
  AnomalyMeasure,
  AnomalySettings,
} from '#contracts';

export interface AnomaliesTable {
  id: string;
  project: string;
  dimension: AnomalyDimension;
  subject: string;
  /** `YYYY-MM-DD`; read it as text. */
  day: ColumnType<Date, string, never>;
  measure: AnomalyMeasure;
  direction: AnomalyDirection;
  value: string;
  expected: string;
  deviation: string;
  score: number;
  explanation: string;
  alert: ColumnType<AlertRaised, string, never>;
  raised: ColumnType<boolean, undefined, boolean>;
  created_at: ColumnType<Date, undefined, never>;
}

export interface AnomalySettingsTable {
  project: string;
  enabled: boolean;
  sensitivity: AnomalySettings['sensitivity'];
  measures: AnomalySettings['measures'];
  minimum_volume: ColumnType<AnomalySettings['minimum_volume'], string, string>;
}
