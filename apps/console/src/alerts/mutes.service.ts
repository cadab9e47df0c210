import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { canonicalJson, type CounterKey } from '#contracts';
import { ApiError } from '#http';
import { Clock } from '#platform';
import { AlertHistory, type AlertMute, AlertMutes, Budgets, type Postgres, Rates } from '#postgres';
import { AlertMuteWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { withinLimits } from '../limits/within-limits.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { readMoment } from '../usage/moment.js';
import type { CreateMuteDto, MuteDto } from './mute.dto.js';

const EVERY_COUNTER = '';

/** Keeps alerts of a budget or rate, or of one of its counters, from being sent for a while. They are recorded as muted. */
@Injectable()
export class MutesService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /** Undefined when the project has no such budget or rate. */
  async create(
    postgres: Postgres,
    project: string,
    { watch, counter, until }: CreateMuteDto,
  ): Promise<MuteDto | undefined> {
    const known =
      (await new Budgets(postgres).find(project, watch)) ??
      (await new Rates(postgres).find(project, watch));
    if (!known) return undefined;
    const key = counter === undefined ? EVERY_COUNTER : canonicalJson(counter);
    return this.put(postgres, { project, watch, counter: key, until });
  }

  /**
   * Mutes the counter of an alert. Undefined when the project has no such alert.
   * @throws ApiError 409 for an alert that no budget or rate raised.
   */
  async muteAlert(
    postgres: Postgres,
    project: string,
    id: string,
    until: string,
  ): Promise<MuteDto | undefined> {
    const alert = await new AlertHistory(postgres).find(project, id);
    if (!alert) return undefined;
    const { watch, counter } = alert;
    if (watch === null || counter === null)
      throw new ApiError(409, 'not_mutable', 'no budget or rate raised this alert');
    return this.put(postgres, { project, watch, counter, until });
  }

  /** Those that are in force. */
  list(project: string, query: ListQueryDto): Promise<Page<MuteDto>> {
    const now = new Date(this.clock.now());
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new AlertMutes(postgres).list(project, now, page), show),
    );
  }

  /** Alerts are sent again from now on. Undefined when the project has no such mute. */
  async delete(project: string, id: string): Promise<MuteDto | undefined> {
    const mute = await this.engines.postgres((postgres) =>
      new AlertMuteWrites(postgres).delete(project, id),
    );
    return mute && show(mute);
  }

  private async put(
    postgres: Postgres,
    { until, ...muted }: { project: string; watch: string; counter: string; until: string },
  ): Promise<MuteDto> {
    const untilMs = readMoment(until)!;
    if (untilMs <= this.clock.now()) {
      const message = 'must lie in the future';
      throw new ApiError(400, 'invalid_request', `until ${message}`, [{ field: 'until', message }]);
    }
    const id = `mut_${randomBase62(16)}`;
    const mute = await withinLimits(postgres, muted.project, ['mutes'], (transaction) =>
      new AlertMuteWrites(transaction).put({ id, ...muted, until: new Date(untilMs) }),
    );
    return show(mute);
  }
}

function show({ id, watch, counter, until, created_at }: AlertMute): MuteDto {
  return {
    id,
    watch,
    counter: counter === EVERY_COUNTER ? null : (JSON.parse(counter) as CounterKey),
    until: until.toISOString(),
    created_at: created_at.toISOString(),
  };
}
