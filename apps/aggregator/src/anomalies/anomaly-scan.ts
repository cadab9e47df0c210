import { HISTORY_DAYS_MAX } from '#anomalies';
import type { DailyUsageQuery } from '#clickhouse';
import { ANOMALY_DIMENSIONS, type AnomalyDimension, type AnomalySettings } from '#contracts';
import type { Clock, Logger } from '#platform';
import type { FoundMark } from '#postgres';
import type { AnomalyMetrics } from './anomalies.metrics.js';
import type { AnomalyPorts } from './anomalies.ports.js';
import type { AnomaliesSink } from './anomalies.sink.js';
import { daysToJudge, dayText, type DayToJudge } from './days-to-judge.js';
import { judgeSubject } from './judge-subject.js';

/** Customers, and models, of one project that are judged at the most. */
const SUBJECTS_MAX = 10_000;
/** Then counting has its turn: its alerts must not wait for this. */
const SUBJECTS_IN_A_ROW = 10;
const ALERTS_PER_RAISE = 200;

/**
 * Looks for anomalies in every project: judges the recent days of each customer and each model, keeps the marks, and
 * raises what they owe. A mark is written first, with its alert as it will always be: a crash between any two steps
 * raises it again under the same id, and loses none.
 */
export class AnomalyScan {
  constructor(
    private readonly ports: AnomalyPorts,
    private readonly sink: AnomaliesSink,
    private readonly clock: Clock,
    private readonly metrics: AnomalyMetrics,
    private readonly logger: Logger,
  ) {}

  /**
   * One round over all projects, unless another process is at it. Days are marked also while the log is away; what they
   * owe is raised in a later round. A throw is an outage: the next round does it all.
   */
  async run(isStopping: () => boolean = () => false): Promise<void> {
    await this.ports.lock.holding(async () => {
      const days = daysToJudge(this.clock.now(), await this.ports.completeTo());
      let trouble = await this.raiseOwed();
      let cut = 0;
      for (const { project, settings } of await this.ports.projects()) {
        if (isStopping()) return;
        if (!settings.enabled) continue;
        if (await this.scanProject(project, settings, days)) cut += 1;
        trouble ??= await this.raiseOwed();
      }
      this.metrics.projectsCut.set(cut);
      if (trouble !== null) throw trouble;
    });
  }

  /** Whether the project has more subjects than are judged. What goes wrong in one project is no other's trouble. */
  private async scanProject(
    project: string,
    settings: AnomalySettings,
    days: readonly DayToJudge[],
  ): Promise<boolean> {
    let isCut = false;
    try {
      for (const dimension of ANOMALY_DIMENSIONS)
        isCut = (await this.judge(project, dimension, settings, days)) || isCut;
      this.metrics.scans.inc({ outcome: 'done' });
    } catch (error) {
      this.metrics.scans.inc({ outcome: 'failed' });
      this.logger.warn(
        { err: error, project },
        'anomalies were not looked for; the next round does',
      );
    }
    return isCut;
  }

  private async judge(
    project: string,
    dimension: AnomalyDimension,
    settings: AnomalySettings,
    days: readonly DayToJudge[],
  ): Promise<boolean> {
    const judgement = { project, dimension, settings, days, nowMs: this.clock.now() };
    const subjects: string[] = [];
    const found: FoundMark[] = [];
    for await (const usages of this.ports.usage(usageQuery(project, dimension, settings, days))) {
      for (const usage of usages) {
        subjects.push(usage.subject);
        found.push(...judgeSubject(usage, judgement));
        if (subjects.length % SUBJECTS_IN_A_ROW === 0) await this.clock.sleep(0);
      }
    }
    const isCut = subjects.length >= SUBJECTS_MAX;
    const judged = {
      project,
      dimension,
      measures: settings.measures,
      days: days.map(({ day, directions }) => ({ day: dayText(day), directions })),
      subjects: isCut ? subjects : null,
    };
    this.metrics.marked.inc(await this.sink.mark(judged, found));
    return isCut;
  }

  /** Raises the alerts of new marks, and of those whose raise was cut. Answers why it could not, or null. */
  private async raiseOwed(): Promise<Error | null> {
    for (;;) {
      const alerts = await this.ports.unraised(ALERTS_PER_RAISE);
      if (alerts.length === 0) return null;
      try {
        await this.sink.raise(alerts);
      } catch (error) {
        return error instanceof Error ? error : new Error(String(error));
      }
      await this.sink.markRaised(alerts);
    }
  }
}

function usageQuery(
  project: string,
  dimension: AnomalyDimension,
  { measures, minimum_volume }: AnomalySettings,
  days: readonly DayToJudge[],
): DailyUsageQuery {
  const least = Object.fromEntries(measures.map((measure) => [measure, minimum_volume[measure]]));
  const [first, last] = [days[0]!.day, days.at(-1)!.day];
  return {
    project,
    dimension,
    fromDay: first - HISTORY_DAYS_MAX,
    toDay: last,
    least,
    subjectsMax: SUBJECTS_MAX,
  };
}
