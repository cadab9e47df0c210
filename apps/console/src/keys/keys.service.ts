import { Injectable } from '@nestjs/common';
import { type KeyUse, mintApiKey } from '#access';
import { ApiError } from '#http';
import { Clock } from '#platform';
import { type ApiKey, ApiKeys, type Postgres, Projects } from '#postgres';
import { ApiKeyWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { withinLimits } from '../limits/within-limits.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { readMoment } from '../usage/moment.js';
import { type Grantor, refuseLongerLife, refuseMoreScopes } from './check-grant.js';
import type { ChangeKeyDto, CreatedKeyDto, CreateKeyDto, KeyDto } from './key.dto.js';

/** API keys of one project. Only their hashes are stored. Each answer is undefined where the project has no such key. */
@Injectable()
export class KeysService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /**
   * Works at every door from now on. Undefined when there is no such project.
   * @throws ApiError 403 when it would be more than the grantor is, 400 when it would be over already.
   */
  async create(
    postgres: Postgres,
    project: string,
    { name, scopes, expires_at }: CreateKeyDto,
    grantor: Grantor | null,
  ): Promise<CreatedKeyDto | undefined> {
    const expiresAt = this.futureOf(expires_at ?? null);
    refuseMoreScopes(grantor, scopes);
    refuseLongerLife(grantor, expiresAt);
    if (!(await new Projects(postgres).find(project))) return undefined;
    const { id, key, secretHash } = mintApiKey();
    const row = {
      id,
      project,
      application: null,
      name,
      scopes,
      secret_hash: secretHash,
      expires_at: expiresAt,
    };
    const created = await withinLimits(postgres, project, ['keys'], (transaction) =>
      new ApiKeyWrites(transaction).create(row),
    );
    if (!created) throw new Error('a fresh key id was taken');
    return Object.assign(show(created), { key });
  }

  async find(project: string, id: string): Promise<KeyDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new ApiKeys(postgres).find(project, id)),
    );
  }

  list(project: string, query: ListQueryDto): Promise<Page<KeyDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new ApiKeys(postgres).list(project, page), show),
    );
  }

  /**
   * Scopes can be given up to what the grantor has itself.
   * @throws ApiError 403 for more, 409 for the scopes of an application's token.
   */
  async change(
    project: string,
    id: string,
    change: ChangeKeyDto,
    grantor: Grantor | null,
  ): Promise<KeyDto | undefined> {
    const key = await this.engines.postgres((postgres) =>
      postgres.transaction().execute(async (transaction) => {
        const keys = new ApiKeyWrites(transaction);
        const before = await keys.lock(project, id);
        if (before === undefined) return undefined;
        refuseScopesOfToken(before, change);
        const { scopes = [] } = change;
        refuseMoreScopes(
          grantor,
          scopes.filter((scope) => !before.scopes.includes(scope)),
        );
        return keys.update(project, id, givenFields(change));
      }),
    );
    return shown(key);
  }

  /** @throws ApiError 400 for a time that is not in the future. */
  private futureOf(text: string | null): Date | null {
    if (text === null) return null;
    const moment = readMoment(text);
    if (moment !== null && moment > this.clock.now()) return new Date(moment);
    const message = 'must be in the future';
    throw new ApiError(400, 'invalid_request', `expires_at ${message}`, [
      { field: 'expires_at', message },
    ]);
  }

  /** Once a minute, and no request waits for it. */
  noteUses(uses: readonly KeyUse[]): Promise<void> {
    return this.engines.postgres((postgres) => new ApiKeyWrites(postgres).noteUses(uses));
  }

  /** Every door refuses it within 2 s. */
  async revoke(project: string, id: string): Promise<KeyDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new ApiKeyWrites(postgres).revoke(project, id)),
    );
  }
}

function refuseScopesOfToken({ application }: ApiKey, { scopes }: ChangeKeyDto): void {
  if (application === null || scopes === undefined) return;
  throw new ApiError(
    409,
    'application_token',
    'this is the token of an application: it sends its events and does nothing else',
  );
}

function shown(key: ApiKey | undefined): KeyDto | undefined {
  return key && show(key);
}

function show({ created_at, expires_at, last_used_at, ...key }: ApiKey): KeyDto {
  return {
    ...key,
    expires_at: expires_at?.toISOString() ?? null,
    last_used_at: last_used_at?.toISOString() ?? null,
    created_at: created_at.toISOString(),
  };
}
