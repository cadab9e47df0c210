import { ANOMALY_DEFAULTS, type AnomalySettings } from '#contracts';
import type { Postgres } from './database.js';

const COLUMNS = ['enabled', 'sensitivity', 'measures', 'minimum_volume'] as const;

/** What projects have set about anomalies; the defaults hold where they have set nothing. */
export class AnomalySettingsStore {
  constructor(private readonly postgres: Postgres) {}

  /** Every living project with what holds for it. */
  async all(): Promise<{ project: string; settings: AnomalySettings }[]> {
    const rows = await this.postgres
      .selectFrom('projects')
      .leftJoin('anomaly_settings', 'anomaly_settings.project', 'projects.id')
      .select(['projects.id', ...COLUMNS])
      .where('projects.deleted_at', 'is', null)
      .orderBy('projects.id')
      .execute();
    return rows.map(({ id, enabled, sensitivity, measures, minimum_volume }) => ({
      project: id,
      settings: {
        enabled: enabled ?? ANOMALY_DEFAULTS.enabled,
        sensitivity: sensitivity ?? ANOMALY_DEFAULTS.sensitivity,
        measures: measures ?? ANOMALY_DEFAULTS.measures,
        minimum_volume: minimum_volume ?? ANOMALY_DEFAULTS.minimum_volume,
      },
    }));
  }

  async of(project: string): Promise<AnomalySettings> {
    const row = await this.postgres
      .selectFrom('anomaly_settings')
      .select(COLUMNS)
      .where('project', '=', project)
      .executeTakeFirst();
    return row ?? ANOMALY_DEFAULTS;
  }
}
