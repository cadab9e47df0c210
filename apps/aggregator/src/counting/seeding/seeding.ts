import { Inject, Injectable } from '@nestjs/common';
import { isQueryTooLarge } from '#clickhouse';
import { Clock, LOGGER, type Logger } from '#platform';
import { WatchBook } from '#watch-book';
import type { WatchIndex } from '#watches';
import { AggregatorMetrics } from '../../aggregator.metrics.js';
import { COUNTING_PORTS, type CountingPorts } from '../counting.ports.js';
import type { ProjectCounting } from '../project-counting.js';
import { ProjectCountings } from '../project-countings.js';
import { RefusedCounters } from '../refused-counters.js';
import { Rests } from '../rests.js';
import { nextSlice, type SeedSlice } from './seed-slice.js';
import { SliceAdding } from './slice-adding.js';
import { sliceEnd } from './slice-end.js';
import { sliceSums } from './slice-sums.js';
import { lookAtRanges } from './unseen-ranges.js';

const PROJECTS_AT_ONCE = 2;

/**
 * Adds what is stored to watches that do not hold it: new ones, all of them behind a loss of Redis, and those of a project
 * that was passed over. In slices that remember where they were, in turn between projects, behind the back of counting and
 * storing: nobody waits for it.
 */
@Injectable()
export class Seeding {
  private readonly rests = new Rests();
  /** Smaller for a project whose slices turned out to be too much for a query. */
  private readonly sliceEvents = new Map<string, number>();

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingPorts,
    private readonly states: ProjectCountings,
    private readonly book: WatchBook,
    private readonly refused: RefusedCounters,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A slice of each project that has something to add. False when there was nothing to do for any of them. */
  async seed(): Promise<boolean> {
    const projects = this.book.projects().values();
    let hasWorked = false;
    let watches = 0;
    const lane = async () => {
      for (const project of projects) {
        const states = this.statesOf(project);
        for (const { state } of states) watches += state.mark.seeding.size;
        if (this.rests.isResting(project, this.clock.now())) continue;
        if (await this.seedOrRest(project, states)) hasWorked = true;
      }
    };
    await Promise.all(Array.from({ length: PROJECTS_AT_ONCE }, lane));
    this.metrics.seedingWatches.set(watches);
    return hasWorked;
  }

  private statesOf(project: string): { state: ProjectCounting; storedTo: bigint }[] {
    return this.ports.owned
      .all()
      .map(({ stream }) => ({
        state: this.states.of(stream, project),
        storedTo: stream.originStoredTo,
      }))
      .filter(({ state: { mark } }) => mark.text !== null && !mark.isOfAnotherCluster);
  }

  private async seedOrRest(
    project: string,
    states: { state: ProjectCounting; storedTo: bigint }[],
  ): Promise<boolean> {
    const index = this.book.of(project);
    if (index === null) return false;
    try {
      const hasWorked = await this.seedProject(project, index, states);
      this.rests.end(project);
      return hasWorked;
    } catch (error) {
      this.metrics.seedingFaults.inc();
      if (isQueryTooLarge(error))
        this.sliceEvents.set(project, Math.ceil(this.eventsMax(project) / 2));
      this.rests.begin(project, this.clock.now());
      this.logger.warn(
        { err: error, project },
        'stored usage could not be added to counters; it is tried again in a while',
      );
      return false;
    }
  }

  private async seedProject(
    project: string,
    index: WatchIndex,
    states: { state: ProjectCounting; storedTo: bigint }[],
  ): Promise<boolean> {
    const ranged = states.filter(({ state }) => state.mark.ranges.length > 0);
    for (const { state } of ranged) {
      const nowMs = this.clock.now();
      await lookAtRanges(this.ports.stored, project, { state, index, nowMs });
    }
    // A watch that began behind a range must not be whole before the range was looked at.
    const clear = states.filter(({ state }) => state.mark.ranges.length === 0);
    const slice = nextSlice(clear, index);
    if (slice === null) return ranged.length > 0;
    const eventsMax = this.eventsMax(project);
    const toMs = slice.gap.toMs ?? (await this.endOf(project, slice, eventsMax));
    await this.add(project, slice, toMs);
    if (slice.parts.some(({ state }) => state.pendingAlerts > 0))
      await this.ports.alerts.drain(project);
    const more = Math.min(2 * eventsMax, this.ports.bounds.sliceEventsMax);
    this.sliceEvents.set(project, more);
    return true;
  }

  private async endOf(project: string, { gap }: SeedSlice, eventsMax: number): Promise<number> {
    return sliceEnd(gap, await this.ports.stored.hours(project, gap.atMs), eventsMax);
  }

  private async add(project: string, slice: SeedSlice, toMs: number): Promise<void> {
    const parts = Map.groupBy(slice.parts, ({ state }) => state);
    const { partitions } = this.ports;
    const bounds = { partitions, callMax: this.ports.bounds.seedCallMax };
    const addings = new Map(
      [...parts].map(([state, ofState]) => [state, new SliceAdding(state, ofState, toMs, bounds)]),
    );
    for await (const sums of sliceSums(this.ports.stored, project, slice, toMs)) {
      for (const sum of sums) {
        for (const part of sum.parts) {
          const adding = addings.get(part.state)!;
          adding.take(part, sum);
          if (adding.isFull) await this.flush(project, part.state, adding, { ends: false });
        }
      }
    }
    for (const [state, adding] of addings) await this.flush(project, state, adding, { ends: true });
  }

  /** Leaves the stores as much time for others as a call took. */
  private async flush(
    project: string,
    state: ProjectCounting,
    adding: SliceAdding,
    { ends }: { ends: boolean },
  ): Promise<void> {
    const startedMs = this.clock.now();
    await adding.flush(startedMs, { ends });
    this.refused.tell(project, state.takeRefused());
    if (!ends) await this.clock.sleep(this.clock.now() - startedMs);
  }

  private eventsMax(project: string): number {
    return this.sliceEvents.get(project) ?? this.ports.bounds.sliceEventsMax;
  }
}
