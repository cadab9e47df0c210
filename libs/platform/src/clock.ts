/** Wall time in milliseconds since the epoch, and waiting. Tests move the time by an offset instead of waiting for it. */
export class Clock {
  constructor(private readonly offsetMs = 0) {}

  now(): number {
    return Date.now() + this.offsetMs;
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
