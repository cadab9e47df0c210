/** Wall time in milliseconds since the epoch. Tests move it by an offset instead of waiting. */
export class Clock {
  constructor(private readonly offsetMs = 0) {}

  now(): number {
    return Date.now() + this.offsetMs;
  }
}
