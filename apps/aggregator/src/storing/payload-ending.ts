import { type Clock } from '#platform';
import type { PayloadsSink } from './payloads.sink.js';

const DAY_MS = 86_400_000;

/** What ClickHouse holds of payloads that have been kept long enough. */
export interface PayloadsPort {
  toEnd(before: Date): Promise<{ oldestDay: string | null; isEnding: boolean }>;
}

/** The end of what quarantined and conflicting items were: that they came, and why they do not count, stays for ever. */
export class PayloadEnding {
  constructor(
    private readonly ports: { payloads: PayloadsPort; keptDays: number },
    private readonly sink: PayloadsSink,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends the payloads of the oldest day that is old enough, unless the server still works on the day before. Answers whether
   * there may be more. Several aggregators at it do no harm.
   */
  async endOldestDay(): Promise<boolean> {
    const before = new Date(this.clock.now() - this.ports.keptDays * DAY_MS);
    const { oldestDay, isEnding } = await this.ports.payloads.toEnd(before);
    if (oldestDay === null) return false;
    if (!isEnding) await this.sink.end(oldestDay, before);
    return true;
  }
}
