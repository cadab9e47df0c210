import type { Postgres } from './database.js';

/** Limits that differ from the defaults, by name. */
export type OwnRateLimits = Record<string, number>;

/** What the owner of the installation set for single projects. */
export class RateLimits {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined where there is no such project; empty where nothing was set for it. */
  async find(project: string): Promise<OwnRateLimits | undefined> {
    const row = await this.postgres
      .selectFrom('projects')
      .leftJoin('project_rate_limits', 'project_rate_limits.project', 'projects.id')
      .select('project_rate_limits.limits')
      .where('projects.id', '=', project)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    return row && (row.limits ?? {});
  }
}
