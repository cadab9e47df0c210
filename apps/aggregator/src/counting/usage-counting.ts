import { Inject, Injectable } from '@nestjs/common';
import pLimit from 'p-limit';
import type { UsageRow } from '#clickhouse';
import { Clock, LOGGER, type Logger } from '#platform';
import { WatchBook } from '#watch-book';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { isStoreOutage } from '../alerting/is-store-outage.js';
import { CountersSink } from './counters.sink.js';
import {
  type CountedPartition,
  type CountedStream,
  COUNTING_PORTS,
  type CountingPorts,
} from './counting.ports.js';
import { ProjectCounting } from './project-counting.js';
import { RaisedAlerts } from './sliding/raised-alerts.js';
import { RateBaselines } from './sliding/rate-baselines.js';
import { SlidingJudging } from './sliding/sliding-judging.js';

const TRIES_MAX = 8;
/** One partition's sums are made while Redis adds another's. */
const PARTITIONS_AT_ONCE = 2;

/** The fast cadence: brings the counters behind what is decided, in the order of the stream, a partition at a time. */
@Injectable()
export class UsageCounting {
  private readonly states = new WeakMap<CountedStream, Map<string, ProjectCounting>>();
  private readonly busy = new WeakSet<CountedStream>();
  private readonly inTurn = pLimit(PARTITIONS_AT_ONCE);

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingPorts,
    private readonly sink: CountersSink,
    private readonly book: WatchBook,
    private readonly sliding: SlidingJudging,
    private readonly baselines: RateBaselines,
    private readonly raised: RaisedAlerts,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Counts all that is decided in a partition; at once back when that is under way. A throw is an outage. */
  async follow(owned: CountedPartition): Promise<void> {
    const { stream } = owned;
    await this.alone(stream, async () => {
      while (stream.originDecidedTo > stream.originCountedTo && owned.isHeld()) {
        const count = () => this.countDecided(owned);
        const all = this.isBehind(stream) ? await count() : await this.inTurn(count);
        if (!all) return;
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
    // At once, so that the sums of a new budget are asked for together: see `gatherSums`.
    await settleAll(
      this.ports.owned.all().map((owned) =>
        this.alone(owned.stream, async () => {
          const state = this.stateOf(owned.stream, project);
          const isKnown = marks.get(owned.stream.key.partition) === state.mark.text;
          // Counting may have moved it on since the marks were read.
          if (!isKnown && (await this.markOf(project, owned)) !== state.mark.text)
            state.mark.text = null;
          if (behind.has(owned.stream.key.partition)) state.fallBehind();
          const index = this.book.of(project);
          if (index && state.isDue(index, this.clock.now()))
            await this.countProject(owned, project);
        }),
      ),
    );
    await this.baselines.refresh(project, this.clock.now());
    this.refused(project, await this.sliding.judge(project, this.clock.now()));
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

  /** Whether stored usage has to be asked for: that takes no turn from those who follow, and goes together with other partitions. */
  private isBehind(stream: CountedStream): boolean {
    return projectsToCount(stream).some((project) => {
      const index = this.book.of(project);
      return index !== null && this.stateOf(stream, project).needsAll(index);
    });
  }

  private async markOf(project: string, owned: CountedPartition): Promise<string | null> {
    return (await this.ports.marks.marks(project)).get(owned.stream.key.partition) ?? null;
  }

  /**
   * A project that cannot be counted, with every store there, holds nobody else's usage back: without its mark it is
   * adopted at the next try, and brought up from where it stands by what is stored.
   */
  private async countOrPassOver(owned: CountedPartition, project: string): Promise<boolean> {
    try {
      return await this.countProject(owned, project);
    } catch (error) {
      if (isStoreOutage(error)) throw error;
      this.stateOf(owned.stream, project).mark.text = null;
      this.report(project, error);
      return true;
    }
  }

  /** False when the partition turned out to be somebody else's. */
  private async countProject(owned: CountedPartition, project: string): Promise<boolean> {
    const { stream } = owned;
    const state = this.stateOf(stream, project);
    for (let attempt = 0; attempt < TRIES_MAX; attempt++) {
      const index = this.book.of(project);
      if (index === null) return true;
      const storedTo = stream.originStoredTo;
      const from = state.needsAll(index) ? storedTo : stream.originCountedTo;
      const decidedTo = stream.originDecidedTo;
      const readTo = stream.decidedTo;
      const rows = ofProject(stream.rowsAbove(from), project);
      const countedTo = stream.originCountedTo;
      const snapshot = { storedTo, countedTo, decidedTo, readTo, rows };
      const outcome = await state.count({ index, snapshot, nowMs: this.clock.now() });
      if (outcome === 'other_owner') {
        await owned.retake();
        return false;
      }
      if (outcome === 'unknown_watch') await this.book.refresh();
      if (outcome !== 'counted') continue;
      this.refused(project, state.takeRefused());
      if (state.pendingAlerts > 0) this.drainSoon(project);
      return true;
    }
    throw new Error(`the mark of ${project} does not stand still`);
  }

  private refused(project: string, counters: number): void {
    if (counters === 0) return;
    this.metrics.refusedCounters.inc(counters);
    this.logger.error(
      { project, counters },
      'not counted: a watch has as many counters as it may, or a counter holds as much as it can',
    );
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

  private stateOf(stream: CountedStream, project: string): ProjectCounting {
    const states = this.states.get(stream) ?? new Map<string, ProjectCounting>();
    this.states.set(stream, states);
    const { cluster, partition } = stream.key;
    const owner = { cluster, partition, epoch: stream.epoch };
    const state = states.get(project) ?? new ProjectCounting(project, owner, this.ports, this.sink);
    states.set(project, state);
    return state;
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
