/** So much of a second may be used at once. */
const BURST_SECONDS = 0.5;
/** Of a pace that nobody repeats nothing is left: who set it is gone, or Redis is. */
const KEPT_MS = 3_000;

export interface PaceStanding {
  /** Events. */
  perSecond: number;
  /** Events that may be sent now. */
  left: number;
  /** Until the next call may be taken: 0 when it may be now. */
  waitMs: number;
}

/**
 * How many events a second of one project are taken while it keeps others waiting. A call is taken while anything is left,
 * and counted whole, here and at the other doors; what it goes over is waited for afterwards.
 */
export class Pace {
  private left: number;
  private filledAtMs: number;
  private learntAtMs: number;

  constructor(
    private perSecond: number,
    nowMs: number,
  ) {
    this.left = perSecond * BURST_SECONDS;
    this.filledAtMs = nowMs;
    this.learntAtMs = nowMs;
  }

  learn(perSecond: number, nowMs: number): void {
    this.fill(nowMs);
    this.perSecond = perSecond;
    this.learntAtMs = nowMs;
  }

  spend(events: number): void {
    this.left -= events;
  }

  isOver(nowMs: number): boolean {
    return nowMs - this.learntAtMs > KEPT_MS;
  }

  standing(nowMs: number): PaceStanding {
    this.fill(nowMs);
    const { perSecond, left } = this;
    const waitMs = left >= 1 ? 0 : Math.ceil((1_000 * (1 - left)) / perSecond);
    return { perSecond, left: Math.max(0, Math.floor(left)), waitMs };
  }

  private fill(nowMs: number): void {
    const seconds = Math.max(0, nowMs - this.filledAtMs) / 1_000;
    this.filledAtMs = nowMs;
    const most = Math.max(1, this.perSecond * BURST_SECONDS);
    this.left = Math.min(most, this.left + seconds * this.perSecond);
  }
}
