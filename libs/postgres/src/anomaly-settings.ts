import { ANOMALY_DEFAULTS, type AnomalySettings } from '#contracts';
import { inTransaction, type Postgres } from './database.js';

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

  /** Changes what `change` makes of the settings that hold; two changes at once follow each other. */
  change(
    project: string,
    change: (settings: AnomalySettings) => AnomalySettings,
  ): Promise<AnomalySettings> {
    return inTransaction(this.postgres, async (transaction) => {
      await transaction
        .selectFrom('projects')
        .select('id')
        .where('id', '=', project)
        .forUpdate()
        .execute();
      const settings = change(await new AnomalySettingsStore(transaction).of(project));
      const { enabled, sensitivity, measures } = settings;
      const minimum_volume = JSON.stringify(settings.minimum_volume);
      const columns = { enabled, sensitivity, measures, minimum_volume };
      await transaction
        .insertInto('anomaly_settings')
        .values({ project, ...columns })
        .onConflict((conflict) => conflict.column('project').doUpdateSet(columns))
        .execute();
      return settings;
    });
  }
}
