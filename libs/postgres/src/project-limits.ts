import type { Postgres } from './database.js';

/** Limits that differ from the defaults, by name. */
export type OwnLimits = Record<string, number>;

/** What the owner of the installation set for single projects. */
export class ProjectLimits {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined where there is no such project; empty where nothing was set for it. */
  async find(project: string): Promise<OwnLimits | undefined> {
    const row = await this.postgres
      .selectFrom('projects')
      .leftJoin('project_limits', 'project_limits.project', 'projects.id')
      .select('limits')
      .where('projects.id', '=', project)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    return row && (row.limits ?? {});
  }
}
