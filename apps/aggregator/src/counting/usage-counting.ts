import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import type { UsageRow } from '#clickhouse';
import { Clock, LOGGER, type Logger } from '#platform';
import { WatchBook } from '#watch-book';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { isStoreOutage } from '../alerting/is-store-outage.js';
import {
  type CountedPartition,
  type CountedStream,
  COUNTING_PORTS,
  type CountingPorts,
} from './counting.ports.js';
import { ProjectCountings } from './project-countings.js';
import { RefusedCounters } from './refused-counters.js';
import { Rests } from './rests.js';
import { RaisedAlerts } from './sliding/raised-alerts.js';
import { RateBaselines } from './sliding/rate-baselines.js';
import { SlidingJudging } from './sliding/sliding-judging.js';
import { Turns } from './turns.js';

const TRIES_MAX = 8;
/** One partition's sums are made while Redis adds another's. */
const PARTITIONS_AT_ONCE = 2;
/** With nobody waiting behind it, a project has so many times the time: only its own usage is stored later. */
const TIMES_ALONE = 10;

/** The fast cadence: brings the counters behind what is decided, in the order of the stream, a partition at a time. */
@Injectable()
export class UsageCounting {
  private readonly busy = new WeakSet<CountedStream>();
  private readonly inTurn = pLimit(PARTITIONS_AT_ONCE);
  private readonly rests = new Rests();
  private readonly turns = new Turns();

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingPorts,
    private readonly states: ProjectCountings,
    private readonly book: WatchBook,
    private readonly sliding: SlidingJudging,
    private readonly baselines: RateBaselines,
    private readonly raised: RaisedAlerts,
    private readonly clock: Clock,
    private readonly refused: RefusedCounters,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts all that is decided in a partition; at once back when that is under way. A throw is an outage. */
  async follow(owned: CountedPartition): Promise<void> {
    const { stream } = owned;
    await this.alone(stream, async () => {
      while (stream.originDecidedTo > stream.originCountedTo && owned.isHeld()) {
        if (!(await this.inTurn(() => this.countDecided(owned)))) return;
      }
    });
  }

  /** Counts what is behind in any partition: after an outage nobody else may call. */
  async followAll(): Promise<void> {
    await settleAll(this.ports.owned.all().map((owned) => this.follow(owned)));
  }

  /**
   * Takes up changed watches, lets time pass for the sliding ones, and finds marks that are not what was left: Redis was
   * lost, or went back in time. Throws the first failure of a project once every project had its turn.
   */
  async watch(): Promise<void> {
    await this.book.refresh();
    await this.sliding.forgetRemoved();
    await this.raised.follow(this.clock.now());
    const failures: unknown[] = [];
    for (const project of this.book.projects()) {
      try {
        await this.watchProject(project);
      } catch (error) {
        this.report(project, error);
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private async watchProject(project: string): Promise<void> {
    const [marks, behind] = await Promise.all([
      this.ports.marks.marks(project),
      this.ports.marks.behind(project),
    ]);
    await settleAll(
      this.ports.owned.all().map((owned) =>
        this.alone(owned.stream, async () => {
          const { partition } = owned.stream.key;
          const state = this.states.of(owned.stream, project);
          // Counting may have moved it on since the marks were read.
          if (marks.get(partition) !== state.mark.text)
            await state.mark.verify(async () => (await this.markOf(project, partition)) ?? null);
          if (behind.has(partition)) state.fallBehind();
          const index = this.book.of(project);
          if (index && state.isDue(index, this.clock.now()))
            await this.countOrPassOver(owned, project);
        }),
      ),
    );
    await this.baselines.refresh(project, this.clock.now());
    this.refused.tell(project, await this.sliding.judge(project, this.clock.now()));
    await this.ports.alerts.drain(project);
  }

  /** Everything that is decided when its turn comes: the longer the others take, the more goes into one call. */
  private async countDecided(owned: CountedPartition): Promise<boolean> {
    const { stream } = owned;
    const decidedTo = stream.originDecidedTo;
    const counts = projectsToCount(stream).map((project) => this.countOrPassOver(owned, project));
    if ((await settleAll(counts)).includes(false)) return false;
    stream.countedUpTo(decidedTo);
    return true;
  }

  private async markOf(project: string, partition: number): Promise<string | undefined> {
    return (await this.ports.marks.marks(project)).get(partition);
  }

  /**
   * A project that cannot be counted with every store there, or takes too long, holds nobody else's usage back: it is passed
   * over and tried again after a while, and brought up from where it stands by what is stored.
   */
  private async countOrPassOver(owned: CountedPartition, project: string): Promise<boolean> {
    if (this.book.of(project) === null) return true;
    if (!this.rests.isResting(project, this.clock.now())) {
      try {
        const count = () => this.countProject(owned, project);
        const outcome = await this.turns.of(project, () => this.clock.now(), count);
        if (outcome === 'counted') this.rests.end(project);
        if (outcome !== 'late') return outcome === 'counted';
      } catch (error) {
        if (isStoreOutage(error)) throw error;
        this.report(project, error);
      }
      this.rests.begin(project, this.clock.now());
      this.metrics.passedOver.inc();
      this.logger.warn(
        { project },
        'a project is passed over; its counters say no_data until they are right',
      );
    }
    const state = this.states.of(owned.stream, project);
    try {
      await state.passOver(owned.stream.originStoredTo, this.clock.now());
    } catch (error) {
      if (isStoreOutage(error)) throw error;
      this.report(project, error);
    }
    return true;
  }

  private async countProject(
    owned: CountedPartition,
    project: string,
  ): Promise<'counted' | 'other_owner' | 'late'> {
    const { stream } = owned;
    const state = this.states.of(stream, project);
    const startedMs = this.clock.now();
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const index = this.book.of(project);
      if (index === null) return 'counted';
      const storedTo = stream.originStoredTo;
      const from = state.needsAll(index) ? storedTo : stream.originCountedTo;
      const decidedTo = stream.originDecidedTo;
      const readTo = stream.decidedTo;
      const rows = ofProject(stream.rowsAbove(from), project);
      const countedTo = stream.originCountedTo;
      const snapshot = { storedTo, countedTo, decidedTo, readTo, rows };
      const isOver = (counters: number) => this.isOver(project, startedMs, counters);
      const outcome = await state.count({ index, snapshot, nowMs: this.clock.now(), isOver });
      if (outcome === 'other_owner') {
        await owned.retake();
        return outcome;
      }
      if (outcome === 'slow' || outcome === 'full') return 'late';
      if (outcome === 'unknown_watch') await this.book.refresh();
      if (outcome !== 'counted') continue;
      this.refused.tell(project, state.takeRefused());
      if (state.pendingAlerts > 0) this.drainSoon(project);
      return outcome;
    }
    throw new Error(`the mark of ${project} does not stand still`);
  }

  private isOver(project: string, startedMs: number, counters: number): boolean {
    const { passMsMax, passCountersMax } = this.ports.bounds;
    const nowMs = this.clock.now();
    const share = Math.max((nowMs - startedMs) / passMsMax, counters / passCountersMax);
    if (share > TIMES_ALONE) return true;
    if (share > 1) return this.doOthersWait(project, Infinity);
    // Short turns in many partitions are a long one for whoever waits behind them all.
    const took = this.turns.tookMs(project, nowMs);
    return took > passMsMax && this.doOthersWait(project, nowMs - passMsMax / 2);
  }

  /** Whether any row that came up to `untilMs` and is not counted is of another project. */
  private doOthersWait(project: string, untilMs: number): boolean {
    const isOther = (other: string) => other !== project;
    return this.ports.owned.all().some(({ stream }) => stream.hasUncounted(isOther, untilMs));
  }

  private report(project: string, error: unknown): void {
    if (isStoreOutage(error)) {
      this.logger.warn({ err: error, project }, 'the watches of a project are behind');
      return;
    }
    this.metrics.countingFaults.inc();
    this.logger.error({ err: error, project }, 'a project cannot be counted; others go on');
  }

  private drainSoon(project: string): void {
    this.ports.alerts.drain(project).catch((error: unknown) => {
      this.logger.warn({ err: error, project }, 'alerts stay pending; they are raised again');
    });
  }

  private async alone(stream: CountedStream, work: () => Promise<void>): Promise<void> {
    if (this.busy.has(stream)) return;
    this.busy.add(stream);
    try {
      await work();
    } finally {
      this.busy.delete(stream);
    }
  }
}

function projectsToCount(stream: CountedStream): string[] {
  const rows = stream.rowsAbove(stream.originCountedTo);
  return [...new Set(rows.map(({ usage }) => usage.project))];
}

function ofProject(rows: UsageRow[], project: string): UsageRow[] {
  return rows.filter(({ usage }) => usage.project === project);
}

/** Waits until every piece of work has ended, then throws the first rejection: nothing goes on behind the caller's back. */
async function settleAll<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
