import { Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger } from '#platform';
import { boundOfHours, type CompiledRate } from '#watches';
import { WatchBook } from '#watch-book';
import { CountersSink } from '../counters.sink.js';
import { COUNTING_PORTS, type CountingReads } from '../counting.ports.js';

const HOUR_MS = 3_600_000;

/**
 * The bounds of rates that are held against earlier days. They are worked out once an hour by whoever is first, and kept
 * beside the counters, so that all aggregators judge by the same ones. Without them nothing is said.
 */
@Injectable()
export class RateBaselines {
  private readonly underWay = new Set<string>();

  constructor(
    @Inject(COUNTING_PORTS) private readonly ports: CountingReads,
    private readonly sink: CountersSink,
    private readonly book: WatchBook,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Sees to the bounds of this hour. Nobody waits for ClickHouse: until they are here, states stay as they are. */
  async refresh(project: string, nowMs: number): Promise<void> {
    const hourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
    for (const compiled of this.book.of(project)?.all ?? []) {
      if (compiled.rate === null || compiled.rate.limit !== null) continue;
      if (this.underWay.has(compiled.definition)) continue;
      if (await this.ports.states.hasBaseline(project, compiled.definition, hourMs)) continue;
      this.underWay.add(compiled.definition);
      this.workOut(compiled, hourMs)
        .catch((error: unknown) => {
          this.logger.warn({ err: error, rate: compiled.rate.id }, 'no bounds for this hour yet');
        })
        .finally(() => this.underWay.delete(compiled.definition));
    }
  }

  private async workOut(compiled: CompiledRate, hourMs: number): Promise<void> {
    const { rate, definition } = compiled;
    const hours = await this.ports.usualHours.of(rate, hourMs);
    const bounds = new Map<string, bigint | number>();
    for (const [key, days] of Map.groupBy(hours, (hour) => hour.key)) {
      const bound = boundOfHours(compiled, days);
      if (bound !== null) bounds.set(key, bound);
    }
    await this.sink.setBaseline(rate.project, definition, hourMs, bounds);
  }
}
