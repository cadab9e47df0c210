import { Injectable } from '@nestjs/common';
import { AnomalyMarks, type ListedMark } from '#postgres';
import { Engines } from '../engines/engines.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { readMoment } from '../usage/moment.js';
import type { AnomalyDto, ListAnomaliesQueryDto } from './anomaly.dto.js';

const DAY_MS = 86_400_000;

/** The days of a project that were marked, the last marked first. */
@Injectable()
export class AnomaliesService {
  constructor(private readonly engines: Engines) {}

  list(project: string, query: ListAnomaliesQueryDto): Promise<Page<AnomalyDto>> {
    const { from, to, customer, model, dimension } = query;
    const filter = {
      project,
      customer,
      model,
      dimension,
      fromDay: firstDayFrom(from),
      beforeDay: firstDayFrom(to),
    };
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new AnomalyMarks(postgres).list(filter, page), show),
    );
  }
}

/** The first UTC day that begins at a time or after it. */
function firstDayFrom(text: string | undefined): string | undefined {
  const moment = text === undefined ? null : readMoment(text);
  if (moment === null) return undefined;
  return new Date(Math.ceil(moment / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
}

function show({ id, dimension, subject, day, measure, ...mark }: ListedMark): AnomalyDto {
  const { direction, value, expected, deviation, score, explanation, created_at } = mark;
  return {
    id,
    dimension,
    subject,
    day,
    on: measure,
    direction,
    value,
    expected,
    deviation,
    score,
    explanation,
    created_at: created_at.toISOString(),
  };
}
