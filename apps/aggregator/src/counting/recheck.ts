import type { CountAnswer, CounterGroup, CounterRecheck } from '#redis';

/** Where a walk over the counters of a window begins and ends. */
export const WALK_END = '0';

/**
 * The counters of one window of a watch, held against new limits: a slice a call, whatever is added in between. What is added is
 * held against them by adding it.
 */
export class Recheck {
  isOver = false;
  /** Of the last slice, as `CounterRecheck` counts it. */
  lastWork = 0;
  private cursor = WALK_END;

  constructor(
    private readonly group: CounterGroup,
    private readonly change: Pick<CounterRecheck, 'former' | 'limitName'>,
  ) {}

  get definition(): string {
    return this.group.definition;
  }

  /** The next slice. */
  slice(workMax: number): CounterGroup {
    const { group, change, cursor } = this;
    return { ...group, recheck: { ...change, cursor, workMax } };
  }

  took({ rechecked }: CountAnswer): void {
    if (rechecked === null) return;
    this.cursor = rechecked.cursor;
    this.lastWork = rechecked.work;
    this.isOver = rechecked.cursor === WALK_END;
  }
}
