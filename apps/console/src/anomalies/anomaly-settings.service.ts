import { Injectable } from '@nestjs/common';
import { AnomalySettingsStore } from '#postgres';
import { AnomalySettingsWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { plainAmount } from '../watches/amount-text.js';
import type { AnomalySettingsDto, ChangeAnomalySettingsDto } from './anomaly-settings.dto.js';

/** How a project's anomalies are looked for: from the next round on. */
@Injectable()
export class AnomalySettingsService {
  constructor(private readonly engines: Engines) {}

  read(project: string): Promise<AnomalySettingsDto> {
    return this.engines.postgres((postgres) => new AnomalySettingsStore(postgres).of(project));
  }

  /** What is not given stays as it is. */
  change(
    project: string,
    { minimum_volume, ...change }: ChangeAnomalySettingsDto,
  ): Promise<AnomalySettingsDto> {
    const volumes = givenFields(minimum_volume ?? {});
    if (volumes.cost !== undefined) volumes.cost = plainAmount(volumes.cost);
    return this.engines.postgres((postgres) =>
      new AnomalySettingsWrites(postgres).change(project, (settings) => ({
        ...settings,
        ...givenFields(change),
        minimum_volume: { ...settings.minimum_volume, ...volumes },
      })),
    );
  }
}
