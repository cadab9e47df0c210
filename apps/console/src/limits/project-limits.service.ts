import { Injectable } from '@nestjs/common';
import { LIMIT_NAMES } from '#limits';
import { type OwnLimits, ProjectLimits } from '#postgres';
import { ProjectLimitWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import type { ProjectLimitsDto } from './project-limits.dto.js';

/** The limits of single projects. Each answer is undefined where there is no such project. */
@Injectable()
export class ProjectLimitsService {
  constructor(private readonly engines: Engines) {}

  async find(project: string): Promise<ProjectLimitsDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new ProjectLimits(postgres).find(project)),
    );
  }

  /** In force at every door within two seconds. */
  async change(project: string, change: ProjectLimitsDto): Promise<ProjectLimitsDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new ProjectLimitWrites(postgres).change(project, givenFields(change)),
      ),
    );
  }
}

function shown(own: OwnLimits | undefined): ProjectLimitsDto | undefined {
  return own && Object.fromEntries(LIMIT_NAMES.map((name) => [name, own[name] ?? null]));
}
