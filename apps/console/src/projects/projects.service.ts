import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { limitsInForce, type Postgres, type Project, Projects } from '#postgres';
import { ProjectWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type { ChangeProjectDto, CreateProjectDto, ProjectDto } from './project.dto.js';

/** The tenants. Each answer is undefined where there is no such project. */
@Injectable()
export class ProjectsService {
  constructor(private readonly engines: Engines) {}

  /** Undefined when the id is taken. */
  async create(
    postgres: Postgres,
    { id, name, markup }: CreateProjectDto,
  ): Promise<ProjectDto | undefined> {
    const project = { id: id ?? `prj_${randomBase62(16)}`, name, markup: markup ?? undefined };
    return shown(await new ProjectWrites(postgres).create(project));
  }

  async find(id: string): Promise<ProjectDto | undefined> {
    return shown(await this.engines.postgres((postgres) => new Projects(postgres).find(id)));
  }

  list(query: ListQueryDto): Promise<Page<ProjectDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new Projects(postgres).list(page), show),
    );
  }

  async change(
    id: string,
    { limits, ...fields }: ChangeProjectDto,
  ): Promise<ProjectDto | undefined> {
    const change = {
      ...givenFields(fields),
      ...(limits === undefined ? {} : { limits: givenFields(limits) }),
    };
    return shown(
      await this.engines.postgres((postgres) => new ProjectWrites(postgres).update(id, change)),
    );
  }

  /** Its keys, watches and endpoints end with it. */
  async delete(id: string): Promise<ProjectDto | undefined> {
    return shown(await this.engines.postgres((postgres) => new ProjectWrites(postgres).delete(id)));
  }
}

function shown(project: Project | undefined): ProjectDto | undefined {
  return project && show(project);
}

function show({ created_at, limits, ...project }: Project): ProjectDto {
  return { ...project, limits: limitsInForce(limits), created_at: created_at.toISOString() };
}
