import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { type CompiledBudget, limitsOf, projectBudget } from '#watches';
import { WatchBook } from '#watch-book';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { overrunOf } from './overrun-of-counter.js';
import { RaisedOnce } from './raised-once.js';
import { WatchByWatch } from './watch-by-watch.js';

/** Finds counters that will pass their limit on their pace so far, for budgets that ask for it. */
@Injectable()
export class OverrunWatch {
  constructor(
    @Inject(ALERTING_PORTS)
    private readonly ports: Pick<AlertingPorts, 'counters' | 'projectionsLock'>,
    private readonly once: RaisedOnce,
    private readonly book: WatchBook,
    private readonly clock: Clock,
    private readonly watches: WatchByWatch,
  ) {}

  /** One process at a time. A throw is an outage; the next look covers it. */
  async look(): Promise<void> {
    await this.ports.projectionsLock.holding(async () => {
      for (const project of this.book.projects()) {
        for (const compiled of this.book.budgetsOf(project)) {
          const { id, projected, suspended } = compiled.budget;
          if (projected && !suspended)
            await this.watches.passOver(id, () => this.project(compiled));
        }
      }
    });
  }

  private async project(compiled: CompiledBudget): Promise<void> {
    const nowMs = this.clock.now();
    const { budget, definition } = compiled;
    const window = compiled.windows.of(nowMs);
    const { limit } = limitsOf(compiled, nowMs);
    const isTooEarly = projectBudget(budget, { value: 1n, limit, window }, nowMs) === null;
    if (isTooEarly) return;
    const sums = await this.ports.counters.read(
      { project: budget.project, definition, windowStarts: [window.startMs] },
      null,
    );
    // A part of a counter has no pace.
    if (sums === null) return;
    const overruns = [...sums].map(([counter, { amount }]) =>
      overrunOf(compiled, { counter, amount }, nowMs),
    );
    await this.once.raise(overruns.filter((alert) => alert !== null));
  }
}
