import { Inject, Injectable } from '@nestjs/common';
import type { SlidingCheck } from '#redis';
import { isSliding, type SlidingWatch } from '#watches';
import { WatchBook } from '#watch-book';
import { CountersSink } from '../counters.sink.js';
import { COUNTING_PORTS, type CountingReads } from '../counting.ports.js';
import { checkOf } from './sliding-checks.js';

/** Each is summed over all buckets of a span: 0.13 ms of Redis' time where it has something in every one. */
const COUNTERS_AT_ONCE = 25;

/**
 * The clock of sliding watches. What has reached a bound is judged again, since time alone brings it back; and every
 * counter of a watch whose bounds are new. Any number of aggregators may do so at once: a state changes once.
 */
@Injectable()
export class SlidingJudging {
  /** The bounds that all counters of a watch were held against. */
  private readonly judged = new Map<string, string>();

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingReads,
    private readonly sink: CountersSink,
    private readonly book: WatchBook,
  ) {}

  /** Answers how many counters were refused for want of room. */
  async judge(project: string, nowMs: number): Promise<number> {
    let refused = await this.judgeFiring(project, nowMs);
    for (const compiled of this.book.of(project)?.all ?? []) {
      if (isSliding(compiled)) refused += await this.judgeChanged(project, compiled, nowMs);
    }
    return refused;
  }

  /** Judges counters of one watch. */
  async judgeCounters(compiled: SlidingWatch, keys: string[], nowMs: number): Promise<void> {
    const check = this.checkOf(compiled, nowMs);
    if (check !== null) await this.judgeKeys(compiled.watch.project, check, keys, nowMs);
  }

  /** Lets go of the states of watches that are deleted. */
  async forgetRemoved(): Promise<void> {
    const removed = Map.groupBy(this.book.removed, ({ project }) => project);
    for (const [project, watches] of removed) {
      const watchIds = watches.map(({ watchId }) => watchId);
      for (const watchId of watchIds) this.judged.delete(watchId);
      await this.sink.forget(project, watchIds);
      this.book.letGo(watches);
    }
  }

  private async judgeFiring(project: string, nowMs: number): Promise<number> {
    const firing = await this.ports.states.firing(project);
    const byWatch = Map.groupBy(firing, ({ watchId }) => watchId);
    let refused = 0;
    for (const [watchId, counters] of byWatch) {
      const compiled = this.book.find(project, watchId);
      if (!compiled || !isSliding(compiled)) continue;
      const check = this.checkOf(compiled, nowMs);
      if (check === null) continue;
      const keys = counters.map(({ key }) => key);
      refused += (await this.judgeKeys(project, check, keys, nowMs)).refusedKeys;
    }
    return refused;
  }

  /** Again until nothing has to wait for a partition. */
  private async judgeChanged(
    project: string,
    compiled: SlidingWatch,
    nowMs: number,
  ): Promise<number> {
    const check = this.checkOf(compiled, nowMs);
    if (check === null) return 0;
    const { baselineHourMs } = check;
    const bounds = `${check.version} ${baselineHourMs}`;
    if (this.judged.get(check.watchId) === bounds) return 0;
    if (
      baselineHourMs !== null &&
      !(await this.ports.states.hasBaseline(project, check.definition, baselineHourMs))
    )
      return 0;
    const keys = await this.ports.states.keysOf(project, check);
    const { waiting, refusedKeys } = await this.judgeKeys(project, check, keys, nowMs);
    if (waiting === 0) this.judged.set(check.watchId, bounds);
    return refusedKeys;
  }

  private async judgeKeys(
    project: string,
    check: SlidingCheck,
    keys: string[],
    nowMs: number,
  ): Promise<{ waiting: number; refusedKeys: number }> {
    const at = new Date(nowMs).toISOString();
    let [waiting, refusedKeys] = [0, 0];
    for (let from = 0; from < keys.length; from += COUNTERS_AT_ONCE) {
      const some = keys.slice(from, from + COUNTERS_AT_ONCE);
      const counters = some.map((key) => ({ key, eventTime: at }));
      const answer = await this.sink.judge(project, at, { ...check, counters });
      waiting += answer.waiting;
      refusedKeys += answer.refusedKeys;
    }
    return { waiting, refusedKeys };
  }

  private checkOf(compiled: SlidingWatch, nowMs: number): SlidingCheck | null {
    return checkOf(compiled, { nowMs, partitions: this.ports.partitions });
  }
}
