import { Injectable } from '@nestjs/common';
import { mintApiKey, randomBase62 } from '#access';
import { Clock } from '#platform';
import { type Application, Applications, type Postgres } from '#postgres';
import { ApplicationWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { type Grantor, refuseMoreScopes } from '../keys/check-grant.js';
import { givenFields } from '../given-fields.js';
import { withinLimits } from '../limits/within-limits.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type {
  ApplicationDto,
  ChangeApplicationDto,
  CreateApplicationDto,
  CreatedApplicationDto,
} from './application.dto.js';

const OLD_TOKEN_LIVES_MS = 24 * 3_600_000;

/** Applications of one project, each with its token. Each answer is undefined where the project has no such application. */
@Injectable()
export class ApplicationsService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /**
   * The token works at every door from now on, and as long as the key that made it. Undefined when the id is taken.
   * @throws ApiError 403 for a grantor who may not send events.
   */
  async create(
    postgres: Postgres,
    project: string,
    { id, name, provider, model, time_zone }: CreateApplicationDto,
    grantor: Grantor | null,
  ): Promise<CreatedApplicationDto | undefined> {
    refuseMoreScopes(grantor, ['ingest']);
    const { key, ...token } = mintApiKey();
    const application = {
      id: id ?? `app_${randomBase62(16)}`,
      project,
      name,
      provider: provider ?? null,
      model,
      time_zone: time_zone ?? undefined,
    };
    const created = await withinLimits(postgres, project, ['applications'], (transaction) =>
      new ApplicationWrites(transaction).create(application, {
        id: token.id,
        secret_hash: token.secretHash,
        expires_at: grantor?.expiresAt ?? null,
      }),
    );
    return created && Object.assign(show(created), { token: key });
  }

  async find(project: string, id: string): Promise<ApplicationDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new Applications(postgres).find(project, id)),
    );
  }

  list(project: string, query: ListQueryDto): Promise<Page<ApplicationDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new Applications(postgres).list(project, page), show),
    );
  }

  /** Events that come from now on are read the new way; what is stored stays as it is. */
  async change(
    project: string,
    id: string,
    change: ChangeApplicationDto,
  ): Promise<ApplicationDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new ApplicationWrites(postgres).update(project, id, givenFields(change)),
      ),
    );
  }

  /**
   * A new token; the ones before live for 24 h more. Undefined when there is no such application.
   * @throws ApiError 403 for a grantor who may not send events.
   */
  async rotateToken(
    postgres: Postgres,
    project: string,
    id: string,
    grantor: Grantor | null,
  ): Promise<CreatedApplicationDto | undefined> {
    refuseMoreScopes(grantor, ['ingest']);
    const { key, id: keyId, secretHash } = mintApiKey();
    const token = { id: keyId, secret_hash: secretHash, expires_at: grantor?.expiresAt ?? null };
    const oldUntil = new Date(this.clock.now() + OLD_TOKEN_LIVES_MS);
    const applications = new ApplicationWrites(postgres);
    const application = await applications.rotateToken(project, id, token, oldUntil);
    return application && Object.assign(show(application), { token: key });
  }

  /** Every door refuses its token within 2 s. */
  async delete(project: string, id: string): Promise<ApplicationDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new ApplicationWrites(postgres).delete(project, id),
      ),
    );
  }
}

function shown(application: Application | undefined): ApplicationDto | undefined {
  return application && show(application);
}

function show({ id, name, provider, model, time_zone, created_at }: Application): ApplicationDto {
  return { id, name, provider, model, time_zone, created_at: created_at.toISOString() };
}
