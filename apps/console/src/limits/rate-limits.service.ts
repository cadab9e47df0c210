import { Injectable } from '@nestjs/common';
import { LIMIT_NAMES } from '#limits';
import { type OwnRateLimits, RateLimits } from '#postgres';
import { RateLimitWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import type { RateLimitsDto } from './rate-limits.dto.js';

/** The limits of single projects. Each answer is undefined where there is no such project. */
@Injectable()
export class RateLimitsService {
  constructor(private readonly engines: Engines) {}

  async find(project: string): Promise<RateLimitsDto | undefined> {
    return shown(await this.engines.postgres((postgres) => new RateLimits(postgres).find(project)));
  }

  /** In force at every door within two seconds. */
  async change(project: string, change: RateLimitsDto): Promise<RateLimitsDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) =>
        new RateLimitWrites(postgres).change(project, givenFields(change)),
      ),
    );
  }
}

function shown(own: OwnRateLimits | undefined): RateLimitsDto | undefined {
  return own && Object.fromEntries(LIMIT_NAMES.map((name) => [name, own[name] ?? null]));
}
