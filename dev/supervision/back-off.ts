const FIRST_DELAY_MS = 200;
const DELAY_MS_MAX = 5_000;
const HEALTHY_RUN_MS = 10_000;

/** How long to wait before the next start of a process that ended by itself. It never says "give up". */
export class BackOff {
  private failuresInARow = 0;

  /** The delay in milliseconds after a run of `ranForMs`: doubling from 0.2 s to 5 s, from the start again after a healthy run. */
  delayAfterRun(ranForMs: number): number {
    if (ranForMs >= HEALTHY_RUN_MS) this.failuresInARow = 0;
    const delayMs = Math.min(DELAY_MS_MAX, FIRST_DELAY_MS * 2 ** this.failuresInARow);
    this.failuresInARow += 1;
    return delayMs;
  }
}
