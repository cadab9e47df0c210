import { Injectable } from '@nestjs/common';
import { mintApiKey } from '#access';
import { type ApiKey, ApiKeys, type Postgres, Projects } from '#postgres';
import { ApiKeyWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { withinLimit } from '../limits/within-limit.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type { ChangeKeyDto, CreatedKeyDto, CreateKeyDto, KeyDto } from './key.dto.js';

/** API keys of one project. Only their hashes are stored. Each answer is undefined where the project has no such key. */
@Injectable()
export class KeysService {
  constructor(private readonly engines: Engines) {}

  /** Works at every door from now on. Undefined when there is no such project. */
  async create(
    postgres: Postgres,
    project: string,
    { name, scopes }: CreateKeyDto,
  ): Promise<CreatedKeyDto | undefined> {
    if (!(await new Projects(postgres).find(project))) return undefined;
    const { id, key, secretHash } = mintApiKey();
    const row = { id, project, application: null, name, scopes, secret_hash: secretHash };
    const created = await withinLimit(postgres, project, 'keys', (transaction) =>
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

  async change(project: string, id: string, change: ChangeKeyDto): Promise<KeyDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new ApiKeyWrites(postgres).update(project, id, givenFields(change)),
      ),
    );
  }

  /** Every door refuses it within 2 s. */
  async revoke(project: string, id: string): Promise<KeyDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new ApiKeyWrites(postgres).revoke(project, id)),
    );
  }
}

function shown(key: ApiKey | undefined): KeyDto | undefined {
  return key && show(key);
}

function show({ created_at, ...key }: ApiKey): KeyDto {
  return { ...key, created_at: created_at.toISOString() };
}
