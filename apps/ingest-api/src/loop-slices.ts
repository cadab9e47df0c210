const SLICE_MS = 8;
const waiting: (() => void)[] = [];

/** One goes on in each turn of the event loop, so that however many have work, every turn is short. */
function resumeNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(resumeNext);
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve);
    if (waiting.length === 1) setImmediate(resumeNext);
  });
}

/** Parts the work on a long request into slices, between which other requests are served. */
export class LoopSlices {
  private endsAtMs: number;

  /** @param isLong the work is known to be much: then it begins in a turn of its own. */
  constructor(isLong: boolean) {
    this.endsAtMs = isLong ? -Infinity : performance.now() + SLICE_MS;
  }

  get isOver(): boolean {
    return performance.now() > this.endsAtMs;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.endsAtMs = performance.now() + SLICE_MS;
  }
}
