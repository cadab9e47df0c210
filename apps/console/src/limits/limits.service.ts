import { Injectable } from '@nestjs/common';
import { LIMITED_KINDS, LimitedThings, limitsInForce, Projects } from '#postgres';
import { Engines } from '../engines/engines.js';
import { found } from '../found.js';
import type { UsedLimitsDto } from './limit.dto.js';

/** How much a project may have of what it makes by itself. */
@Injectable()
export class LimitsService {
  constructor(private readonly engines: Engines) {}

  read(project: string): Promise<UsedLimitsDto> {
    return this.engines.postgres(async (postgres) => {
      const { limits } = found(await new Projects(postgres).find(project), 'project');
      const inForce = limitsInForce(limits);
      const things = new LimitedThings(postgres);
      const data = await Promise.all(
        LIMITED_KINDS.map(async (kind) => ({
          kind,
          most: inForce[kind],
          used: await things.used(project, kind),
        })),
      );
      return { data };
    });
  }
}
