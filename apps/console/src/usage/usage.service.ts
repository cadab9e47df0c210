import { Injectable } from '@nestjs/common';
import {
  queryUsage,
  type TimeRange,
  USAGE_DIMENSIONS,
  type UsageDimension,
  usageExtent,
  type UsageGroup,
} from '#clickhouse';
import { ApiError } from '#http';
import { decimalFromPico } from '#money';
import { Clock } from '#platform';
import { timeZoneNamed } from '#windows';
import { usageRows } from '../console.metrics.js';
import { Engines } from '../engines/engines.js';
import { FreshnessService } from '../freshness/freshness.service.js';
import { readCursor, writeCursor } from '../lists/cursor.js';
import { localWindows, type WindowSize } from './local-windows.js';
import { readMoment } from './moment.js';
import type { UsageAnswerDto, UsageRowDto } from './usage-answer.dto.js';
import { USAGE_ROWS_MAX, type UsageQueryDto } from './usage-query.dto.js';
import { isUsageCursor, type UsageCursor } from './usage-cursor.js';

const DAY_MS = 86_400_000;
/** Windows of one statement: their edges travel as its parameters. */
const WINDOWS_MAX = 5_000;

/** More than the longest month: a window that is cut there ends before the first event. */
const LONGEST_WINDOW_MS = 32 * DAY_MS;

/** What one request asks for, after its cursor was read. */
interface UsageQuestion {
  project: string;
  range: TimeRange;
  size: WindowSize;
  timeZone: string;
  groupBy: UsageDimension[];
  filters: Map<UsageDimension, string[]>;
  after: UsageCursor['after'] | undefined;
  limit: number;
}

/** Sums of usage, exact for any range and any calendar. */
@Injectable()
export class UsageService {
  constructor(
    private readonly engines: Engines,
    private readonly freshness: FreshnessService,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400 for a cursor of another question, 503 when a database is away. */
  async read(project: string, query: UsageQueryDto): Promise<UsageAnswerDto> {
    const question = this.questionOf(project, query);
    const { range, timeZone, groupBy, limit } = question;
    // What is fresh now is certainly in what is read after.
    const freshTo = await this.freshness.freshTo();
    const rows = await this.readRows(question);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    usageRows.observe(page.length);
    return {
      data: page.map(({ window, group }) => rowOf(window, group, groupBy)),
      next_cursor: rows.length > limit && last ? writeCursor(cursorOf(range, last.group)) : null,
      from: new Date(range.from).toISOString(),
      to: new Date(range.to).toISOString(),
      time_zone: timeZone,
      fresh_to: freshTo,
    };
  }

  private questionOf(project: string, query: UsageQueryDto): UsageQuestion {
    const cursor =
      query.cursor === undefined
        ? null
        : readCursor(query.cursor, isUsageCursor(query.group_by?.length ?? 0));
    const filters = USAGE_DIMENSIONS.flatMap((name) => {
      const values = query[name];
      return values ? ([[name, values]] as const) : [];
    });
    return {
      project,
      range: cursor?.range ?? this.rangeOf(query),
      size: query.window ?? 'total',
      timeZone: timeZoneNamed(query.time_zone ?? 'UTC')!,
      groupBy: query.group_by ?? [],
      filters: new Map(filters),
      after: cursor?.after,
      limit: query.limit ?? USAGE_ROWS_MAX,
    };
  }

  /** Without `to`: the end of the day that holds the latest time an event may have now, 24 h ahead. */
  private rangeOf({ from, to }: UsageQueryDto): TimeRange {
    const latest = Math.ceil((this.clock.now() + DAY_MS + 1) / DAY_MS) * DAY_MS;
    const range = { from: readMoment(from ?? '') ?? 0, to: readMoment(to ?? '') ?? latest };
    if (range.from < range.to) return range;
    const message = 'must lie before to';
    throw new ApiError(400, 'invalid_request', `from ${message}`, [{ field: 'from', message }]);
  }

  /** One row more than asked for, when there is another. */
  private async readRows(
    question: UsageQuestion,
  ): Promise<{ window: TimeRange; group: UsageGroup }[]> {
    const rows: { window: TimeRange; group: UsageGroup }[] = [];
    for await (const windows of this.windowsOf(question)) {
      const byStart = new Map(windows.map((window) => [window.from, window]));
      const groups = await this.engines.clickhouse((client) =>
        queryUsage(client, { ...question, windows, limit: question.limit + 1 - rows.length }),
      );
      for (const group of groups) {
        const window = byStart.get(group.windowFrom);
        if (window) rows.push({ window, group });
      }
      if (rows.length > question.limit) break;
    }
    return rows;
  }

  /** The windows from the cursor on, in portions; those before the first and after the last event are left out. */
  private async *windowsOf({
    project,
    range,
    size,
    timeZone,
    after,
  }: UsageQuestion): AsyncGenerator<TimeRange[]> {
    if (size === 'total') {
      yield [range];
      return;
    }
    const extent = await this.engines.clickhouse((client) => usageExtent(client, project));
    if (extent === null) return;
    let portion: TimeRange[] = [];
    const start = Math.max(range.from, after?.windowFrom ?? 0, extent.from - LONGEST_WINDOW_MS);
    for (const window of localWindows({ from: start, to: range.to }, size, timeZone)) {
      if (window.to <= extent.from) continue;
      if (window.from >= extent.to) break;
      portion.push(window);
      if (portion.length < WINDOWS_MAX) continue;
      yield portion;
      portion = [];
    }
    if (portion.length > 0) yield portion;
  }
}

function cursorOf(range: TimeRange, { windowFrom, values }: UsageGroup): UsageCursor {
  return { range, after: { windowFrom, values } };
}

function rowOf(
  window: TimeRange,
  { values, sums }: UsageGroup,
  groupBy: UsageDimension[],
): UsageRowDto {
  const { cost, unpriced_events, ...counts } = sums;
  return {
    window_start: new Date(window.from).toISOString(),
    window_end: new Date(window.to).toISOString(),
    ...Object.fromEntries(groupBy.map((name, index) => [name, values[index] ?? null])),
    ...counts,
    cost: decimalFromPico(cost),
    currency: 'USD',
    unpriced_events,
  };
}
