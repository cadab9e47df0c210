import { failpoint } from '#platform';
import type { Adoption, CountAnswer, CountCall, KnownState, SlidingCheck } from '#redis';

/** Whose mark is taken, and where one begins that does not stand. */
export interface AdoptRequest {
  project: string;
  partition: number;
  cluster: string;
  epoch: bigint;
  position: bigint;
  sequence: number;
}

/** Redis, as the protocol sees it. A call that rejects may have taken effect or not. */
export interface CountersWritePorts {
  counters: {
    adopt(request: AdoptRequest): Promise<Adoption | null>;
    count(call: CountCall): Promise<CountAnswer>;
  };
  /** Which bounds sliding counters have reached. */
  states: {
    judge(
      project: string,
      at: string,
      checks: SlidingCheck[],
    ): Promise<{ waiting: number; pendingAlerts: number; refusedKeys: number }>;
    restore(
      project: string,
      watchId: string,
      known: KnownState[],
      partitions: number,
    ): Promise<string[]>;
    forget(project: string, watchIds: string[]): Promise<void>;
    setBaseline(
      project: string,
      definition: string,
      hourMs: number,
      bounds: ReadonlyMap<string, bigint | number>,
    ): Promise<void>;
  };
  /** Projects that are deleted. */
  ends: { end(projects: readonly string[]): Promise<void> };
}

/** The only place that writes to Redis for counting. Any of it may be repeated: the mark, or what stands already, decides. */
export class CountersSink {
  constructor(private readonly ports: CountersWritePorts) {}

  /** 1. The mark of a partition, under the owner's epoch. Null, and nothing is changed, when a later epoch has it. */
  async adopt(request: AdoptRequest): Promise<Adoption | null> {
    const adoption = await this.ports.counters.adopt(request);
    if (adoption !== null) failpoint('aggregator.after_adopt');
    return adoption;
  }

  /** 2. Amounts, seeds, the mark and every threshold crossed, in one step: nothing is changed when another mark stands. */
  async count(call: CountCall): Promise<CountAnswer> {
    failpoint('aggregator.before_count');
    const answer = await this.ports.counters.count(call);
    failpoint('aggregator.after_count');
    return answer;
  }

  /** 3. What sliding counters have reached at this moment: a state changes once, whoever judges. */
  judge(
    project: string,
    at: string,
    check: SlidingCheck,
  ): Promise<{ waiting: number; refusedKeys: number }> {
    return this.ports.states.judge(project, at, [check]);
  }

  /** 4. States as the outbox remembers them: forward, never back. Answers the keys of those that it moved. */
  restore(
    project: string,
    watchId: string,
    known: KnownState[],
    partitions: number,
  ): Promise<string[]> {
    return this.ports.states.restore(project, watchId, known, partitions);
  }

  /** 5. The end of the states of deleted watches, in an hour: somebody who has not heard of it may judge them once more. */
  forget(project: string, watchIds: string[]): Promise<void> {
    return this.ports.states.forget(project, watchIds);
  }

  /** 6. The bounds that earlier days give for one hour, whole and at once. The first to come stand. */
  setBaseline(
    project: string,
    definition: string,
    hourMs: number,
    bounds: ReadonlyMap<string, bigint | number>,
  ): Promise<void> {
    return this.ports.states.setBaseline(project, definition, hourMs, bounds);
  }

  /** 7. The end of all that is kept of deleted projects, in an hour: as of deleted watches. */
  end(projects: readonly string[]): Promise<void> {
    return this.ports.ends.end(projects);
  }
}
