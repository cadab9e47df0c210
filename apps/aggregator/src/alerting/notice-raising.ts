import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { AlertsSink } from './alerts.sink.js';
import { type Notice, noticesOf, type NoticedRows } from './notices-of-rows.js';

/** A caller that makes up model names is not told of each of them. */
const NOTICES_OF_A_DAY_MAX = 1_000;
const DAYS_REMEMBERED_MAX = 4;
const ALERTS_AT_ONCE = 100;

/** Raises each notice once in the life of this process; behind that its id makes it one. */
@Injectable()
export class NoticeRaising {
  /** Ids of what was raised, by day and project. */
  private readonly raised = new Map<string, Map<string, Set<string>>>();

  constructor(
    @Inject(AlertsSink) private readonly sink: Pick<AlertsSink, 'raise'>,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Raises what rows that are about to be stored give rise to. */
  raiseFor(rows: NoticedRows, nowMs: number): Promise<void> {
    return this.raise(noticesOf(rows, nowMs));
  }

  /** Resolves once all are acknowledged by the log; a throw is an outage, and the same are to be raised again. */
  async raise(notices: readonly Notice[]): Promise<void> {
    const news = notices.filter((notice) => !this.raisedBeside(notice).has(notice.alert.id));
    for (let at = 0; at < news.length; at += ALERTS_AT_ONCE) {
      const part = news.slice(at, at + ALERTS_AT_ONCE);
      const told = this.withinBounds(part);
      if (told.length > 0) await this.sink.raise(told.map(({ alert }) => alert));
      for (const notice of told) this.raisedBeside(notice).add(notice.alert.id);
      if (told.length < part.length) this.withhold(part.length - told.length);
    }
  }

  private withinBounds(notices: readonly Notice[]): Notice[] {
    const counts = new Map<Set<string>, number>();
    return notices.filter((notice) => {
      const beside = this.raisedBeside(notice);
      const count = counts.get(beside) ?? beside.size;
      counts.set(beside, count + 1);
      return count < NOTICES_OF_A_DAY_MAX;
    });
  }

  private raisedBeside({ day, alert: { project } }: Notice): Set<string> {
    const ofDay = this.raised.get(day) ?? new Map<string, Set<string>>();
    const ofProject = ofDay.get(project) ?? new Set<string>();
    this.raised.set(day, ofDay.set(project, ofProject));
    const [oldest] = this.raised.keys();
    if (this.raised.size > DAYS_REMEMBERED_MAX) this.raised.delete(oldest!);
    return ofProject;
  }

  private withhold(notices: number): void {
    this.metrics.noticesWithheld.inc(notices);
    this.logger.warn({ notices }, 'a project had more to be told on one day than it is told');
  }
}
