import { sql } from 'kysely';
import type { Postgres } from './database.js';
import { type OwnRateLimits, RateLimits } from './rate-limits.js';

/** Sets limits of single projects. */
export class RateLimitWrites {
  constructor(private readonly postgres: Postgres) {}

  /**
   * Sets those that are given; null takes one back to its default. Every key of the project counts as changed, so doors read
   * it again. Undefined where there is no such project.
   */
  change(
    project: string,
    change: Record<string, number | null>,
  ): Promise<OwnRateLimits | undefined> {
    return this.postgres.transaction().execute(async (transaction) => {
      const living = await transaction
        .selectFrom('projects')
        .select('id')
        .where('id', '=', project)
        .where('deleted_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (!living) return undefined;
      const before = (await new RateLimits(transaction).find(project)) ?? {};
      const limits = JSON.stringify(withoutNulls({ ...before, ...change }));
      await transaction
        .insertInto('project_rate_limits')
        .values({ project, limits })
        .onConflict((conflict) => conflict.column('project').doUpdateSet({ limits }))
        .execute();
      await transaction
        .updateTable('api_keys')
        .set({ changed_at: sql<Date>`clock_timestamp()` })
        .where('project', '=', project)
        .where('revoked_at', 'is', null)
        .execute();
      return new RateLimits(transaction).find(project);
    });
  }
}

function withoutNulls(limits: Record<string, number | null>): OwnRateLimits {
  return Object.fromEntries(
    Object.entries(limits).filter((entry): entry is [string, number] => entry[1] !== null),
  );
}
