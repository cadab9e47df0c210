import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { ApiError } from '#http';
import { type Postgres, type RateChange, Rates, type StoredRate } from '#postgres';
import { RateWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { withinLimits } from '../limits/within-limits.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { plainAmount } from '../watches/amount-text.js';
import { checkRate } from './check-rate.js';
import type { ChangeRateDto, CreateRateDto, RateDto } from './rate.dto.js';

/** Rates of one project. Changes take effect within 2 s. Each answer is undefined where the project has no such rate. */
@Injectable()
export class RatesService {
  constructor(private readonly engines: Engines) {}

  /** @throws ApiError 400 for fields that do not go together, 409 at a limit of the project. */
  async create(postgres: Postgres, project: string, body: CreateRateDto): Promise<RateDto> {
    const rate = {
      id: `rat_${randomBase62(16)}`,
      project,
      name: body.name,
      on: body.on,
      scope: body.scope ?? {},
      per: body.per ?? [],
      over_seconds: body.over_seconds,
      limit: body.limit == null ? null : plainAmount(body.limit),
      change_percent: body.change_percent ?? null,
      events_min: body.events_min ?? 1,
    };
    refuseWrong(rate);
    const made = await withinLimits(
      postgres,
      project,
      ['rates', 'counters_per_event'],
      (transaction) => new RateWrites(transaction).create(rate),
    );
    return showRate(made);
  }

  find(project: string, id: string): Promise<StoredRate | undefined> {
    return this.engines.postgres((postgres) => new Rates(postgres).find(project, id));
  }

  list(project: string, query: ListQueryDto): Promise<Page<RateDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new Rates(postgres).list(project, page), showRate),
    );
  }

  /** A bound of one kind takes the place of the other. @throws ApiError 400 for fields that do not go together. */
  async change(project: string, id: string, body: ChangeRateDto): Promise<RateDto | undefined> {
    const change = changeOf(body);
    return shown(
      await this.engines.postgres((postgres) =>
        new RateWrites(postgres).change(project, id, (before) => {
          refuseWrong({ ...before, ...change });
          return change;
        }),
      ),
    );
  }

  /** Alerts no more; its alerts stay. */
  async delete(project: string, id: string): Promise<RateDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new RateWrites(postgres).delete(project, id)),
    );
  }
}

function changeOf(body: ChangeRateDto): RateChange {
  const { limit, ...plain } = givenFields(body);
  const hasLimit = typeof limit === 'string';
  const hasPercent = typeof plain.change_percent === 'number';
  return {
    ...plain,
    ...(limit === undefined ? {} : { limit: hasLimit ? plainAmount(limit) : null }),
    ...(hasLimit && !hasPercent ? { change_percent: null } : {}),
    ...(hasPercent && !hasLimit ? { limit: null } : {}),
  };
}

function refuseWrong(rate: Parameters<typeof checkRate>[0]): void {
  const problem = checkRate(rate);
  if (problem === null) return;
  const message = `${problem.field} ${problem.message}`;
  throw new ApiError(400, 'invalid_request', message, [problem]);
}

function shown(rate: StoredRate | undefined): RateDto | undefined {
  return rate && showRate(rate);
}

export function showRate(rate: StoredRate): RateDto {
  const { project: _project, change: _change, created_at, ...fields } = rate;
  return { ...fields, created_at: created_at.toISOString() };
}
