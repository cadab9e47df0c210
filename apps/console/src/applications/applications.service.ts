import { Injectable } from '@nestjs/common';
import { mintApiKey, randomBase62 } from '#access';
import { type Application, Applications, type Postgres } from '#postgres';
import { ApplicationWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { withinLimit } from '../limits/within-limit.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type {
  ApplicationDto,
  ChangeApplicationDto,
  CreateApplicationDto,
  CreatedApplicationDto,
} from './application.dto.js';

/** Applications of one project, each with its token. Each answer is undefined where the project has no such application. */
@Injectable()
export class ApplicationsService {
  constructor(private readonly engines: Engines) {}

  /** The token works at every door from now on. Undefined when the id is taken. */
  async create(
    postgres: Postgres,
    project: string,
    { id, name, provider, model, time_zone }: CreateApplicationDto,
  ): Promise<CreatedApplicationDto | undefined> {
    const { key, ...token } = mintApiKey();
    const application = {
      id: id ?? `app_${randomBase62(16)}`,
      project,
      name,
      provider: provider ?? null,
      model,
      time_zone: time_zone ?? undefined,
    };
    const created = await withinLimit(postgres, project, 'applications', (transaction) =>
      new ApplicationWrites(transaction).create(application, {
        id: token.id,
        secret_hash: token.secretHash,
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
