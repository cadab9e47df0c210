import { Injectable } from '@nestjs/common';
import { listSetAside, type SetAsideItem } from '#clickhouse';
import { Engines } from '../engines/engines.js';
import type { Page } from '../lists/newest-first.js';
import { setAsidePage } from '../lists/set-aside-page.js';
import type { SetAsideQueryDto } from '../lists/set-aside-query.dto.js';
import { showPosition, showTime } from '../position.dto.js';
import type { ConflictDto } from './conflict.dto.js';

@Injectable()
export class ConflictsService {
  constructor(private readonly engines: Engines) {}

  list(project: string, query: SetAsideQueryDto): Promise<Page<ConflictDto>> {
    return setAsidePage(
      query,
      (page) =>
        this.engines.clickhouse((client) =>
          listSetAside(client, { ...page, project, decidedAs: 'conflict' }),
        ),
      show,
    );
  }
}

function show(item: SetAsideItem): ConflictDto {
  const { id, source, customer, event_time_ms, received_at_ms } = item;
  return {
    id,
    source,
    customer,
    time: event_time_ms === null ? null : showTime(event_time_ms),
    received_at: received_at_ms === null ? null : showTime(received_at_ms),
    position: showPosition(item),
    event: item.payload === null ? null : callersPart(JSON.parse(item.payload) as EventRecord),
  };
}

type EventRecord = Record<string, unknown>;

const OURS = new Set(['outcome', 'identity', 'content', 'project']);

/** Hashes, the project and the outcome's name are ours, not the caller's. */
function callersPart(event: EventRecord): EventRecord {
  return Object.fromEntries(Object.entries(event).filter(([field]) => !OURS.has(field)));
}
