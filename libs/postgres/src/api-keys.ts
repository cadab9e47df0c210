import { sql, type Selectable } from 'kysely';
import type { Postgres } from './database.js';
import { type ListRequest, pageOf } from './list-position.js';
import type { ApiKeysTable } from './tables/projects.js';

export type ApiKey = Pick<
  Selectable<ApiKeysTable>,
  | 'id'
  | 'project'
  | 'application'
  | 'name'
  | 'scopes'
  | 'expires_at'
  | 'last_used_at'
  | 'created_at'
>;

/** A key as a door needs it: whose it is, what it may, and what its application says about events. */
export interface KeyGrant {
  id: string;
  secretHash: Buffer;
  project: string;
  scopes: string[];
  /** From then on it is no key any more. */
  expiresAt: Date | null;
  application: { id: string; provider: string | null; model: string; time_zone: string } | null;
  /** What its project's limits are, where they are not the defaults. */
  limits: Record<string, number>;
  /** True for the sender that made ids under its project's name alone: it goes on so. */
  soleSender?: boolean;
  /** Microseconds since the epoch: another number means that the grant is to be read again. */
  changedAt: string;
}

export const API_KEY_COLUMNS = [
  'id',
  'project',
  'application',
  'name',
  'scopes',
  'expires_at',
  'last_used_at',
  'created_at',
] as const;
const CHANGED_AT = sql<string>`(extract(epoch from api_keys.changed_at) * 1000000)::bigint::text`;

/** API keys and application tokens. What is revoked stays in the table and is found by no read but `changedWithin`. */
export class ApiKeys {
  constructor(private readonly postgres: Postgres) {}

  /** Undefined when there is no such key, or when it or its project was taken away. */
  async findGrant(id: string): Promise<KeyGrant | undefined> {
    const row = await this.postgres
      .selectFrom('api_keys')
      .innerJoin('projects', 'projects.id', 'api_keys.project')
      .leftJoin('applications', (join) =>
        join
          .onRef('applications.project', '=', 'api_keys.project')
          .onRef('applications.id', '=', 'api_keys.application'),
      )
      .select(['api_keys.id', 'secret_hash', 'api_keys.project', 'scopes', 'api_keys.application'])
      .leftJoin('project_rate_limits', 'project_rate_limits.project', 'api_keys.project')
      .select(['expires_at', 'sole_sender', 'provider', 'model', 'time_zone'])
      .select('project_rate_limits.limits')
      .select(CHANGED_AT.as('changed_at'))
      .where('api_keys.id', '=', id)
      .where('revoked_at', 'is', null)
      .where('projects.deleted_at', 'is', null)
      .executeTakeFirst();
    if (!row) return undefined;
    const { application, provider, model, time_zone, sole_sender } = row;
    const sender = application === null ? `key ${row.id}` : `application ${application}`;
    const bound = application !== null && model !== null && time_zone !== null;
    return {
      id: row.id,
      secretHash: row.secret_hash,
      project: row.project,
      scopes: row.scopes,
      expiresAt: row.expires_at,
      application: bound ? { id: application, provider, model, time_zone } : null,
      limits: row.limits ?? {},
      soleSender: sole_sender === sender,
      changedAt: row.changed_at,
    };
  }

  /** What changed lately: a door drops every grant it remembers whose `changedAt` is another one. */
  changedWithin(seconds: number): Promise<{ id: string; changedAt: string }[]> {
    return this.postgres
      .selectFrom('api_keys')
      .select(['id', CHANGED_AT.as('changedAt')])
      .where('changed_at', '>', sql<Date>`now() - make_interval(secs => ${seconds})`)
      .execute();
  }

  find(project: string, id: string): Promise<ApiKey | undefined> {
    return this.living(project).where('id', '=', id).executeTakeFirst();
  }

  /** Keys only, no applications' tokens. */
  list(project: string, request: ListRequest): Promise<ApiKey[]> {
    return pageOf(this.living(project).where('application', 'is', null), request);
  }

  private living(project: string) {
    return this.postgres
      .selectFrom('api_keys')
      .select(API_KEY_COLUMNS)
      .where('project', '=', project)
      .where('revoked_at', 'is', null);
  }
}
