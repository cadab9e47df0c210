import { Injectable } from '@nestjs/common';
import { type CounterKey, EVENT_TYPES, matchesEventType } from '#contracts';
import { Clock } from '#platform';
import { type AlertFilters, AlertHistory, type RecordedAlert } from '#postgres';
import { AlertWrites } from '#postgres/writes';
import { Engines } from '../engines/engines.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { readMoment } from '../usage/moment.js';
import type { AlertDto, ListAlertsQueryDto } from './alert.dto.js';

/** What was raised in a project. */
@Injectable()
export class AlertsService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  list(project: string, query: ListAlertsQueryDto): Promise<Page<AlertDto>> {
    const filters = filtersOf(query);
    return this.engines.postgres((postgres) =>
      newestFirst(
        query,
        (page) => new AlertHistory(postgres).list(project, filters, page),
        showAlert,
      ),
    );
  }

  /** Undefined when the project has no such alert. */
  find(project: string, id: string): Promise<RecordedAlert | undefined> {
    return this.engines.postgres((postgres) => new AlertHistory(postgres).find(project, id));
  }

  /** The first time stands. */
  acknowledge(project: string, id: string): Promise<RecordedAlert | undefined> {
    const now = new Date(this.clock.now());
    return this.engines.postgres((postgres) =>
      new AlertWrites(postgres).acknowledge(project, id, now),
    );
  }
}

function filtersOf({ type, budget, rate, customer, from, to }: ListAlertsQueryDto): AlertFilters {
  const filters = [type, budget && 'budget.*', rate && 'rate.*'];
  const types = EVENT_TYPES.map((eventType) => eventType.type).filter((one) =>
    filters.every((filter) => filter === undefined || matchesEventType(filter, one)),
  );
  return {
    types,
    watch: budget ?? rate,
    customer,
    from: momentOf(from),
    to: momentOf(to),
  };
}

function momentOf(text: string | undefined): Date | undefined {
  const moment = text === undefined ? null : readMoment(text);
  return moment === null ? undefined : new Date(moment);
}

export function showAlert(alert: RecordedAlert): AlertDto {
  const { id, type, data, watch, counter, threshold, muted } = alert;
  const textOf = (name: string) => (typeof data[name] === 'string' ? data[name] : null);
  return {
    id,
    type,
    budget: type.startsWith('budget.') ? watch : null,
    rate: type.startsWith('rate.') ? watch : null,
    counter: counter === null ? null : (JSON.parse(counter) as CounterKey),
    window_start: alert.window_start?.toISOString() ?? textOf('window_start'),
    window_end: alert.window_end?.toISOString() ?? textOf('window_end'),
    threshold: textOf('threshold') ?? (threshold || null),
    value: textOf('value'),
    event_time: textOf('event_time'),
    raised_at: alert.raised_at.toISOString(),
    muted,
    acknowledged_at: alert.acknowledged_at?.toISOString() ?? null,
    data,
  };
}
