import { hash } from 'node:crypto';

/** Random numbers that follow from a text alone, so that the same day is made up the same way every time. */
export class DayRandom {
  private state: number;

  constructor(seed: string) {
    this.state = Number.parseInt(hash('sha256', seed, 'hex').slice(0, 8), 16);
  }

  /** From 0, below 1 (mulberry32). */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number, both bounds included. */
  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  happens(probability: number): boolean {
    return this.fraction() < probability;
  }

  /** One of the items, each as likely as its weight says. */
  pick<T extends { weight: number }>(items: readonly T[]): T {
    const whole = items.reduce((sum, { weight }) => sum + weight, 0);
    let left = this.fraction() * whole;
    return items.find(({ weight }) => (left -= weight) < 0) ?? items.at(-1)!;
  }

  /** Log-normal: half of the results lie below `median`, a few far above it. At least 1. */
  skewed(median: number, spread: number): number {
    const normal =
      Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
    return Math.max(1, Math.round(median * Math.exp(spread * normal)));
  }
}
