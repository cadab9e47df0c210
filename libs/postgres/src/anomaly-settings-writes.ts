import type { AnomalySettings } from '#contracts';
import { AnomalySettingsStore } from './anomaly-settings.js';
import { inTransaction, type Postgres } from './database.js';

/** Writes what projects set about anomalies. */
export class AnomalySettingsWrites {
  constructor(private readonly postgres: Postgres) {}

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
