import { Inject, Injectable } from '@nestjs/common';
import type { AlertRaised } from '#contracts';
import { AlertsSink } from './alerts.sink.js';
import { IntakePace } from './intake-pace.js';

const ALERTS_AT_ONCE = 100;
const REMEMBERED_MAX = 100_000;
/** For one call: who waits holds the lock of its job. */
const PACED_MS_MAX = 10_000;

/** Remembers what this process raised, so that who finds the same again does not say it again. */
@Injectable()
export class RaisedOnce {
  private readonly ids = new Set<string>();

  constructor(
    @Inject(AlertsSink) private readonly sink: Pick<AlertsSink, 'raise'>,
    @Inject(IntakePace) private readonly pace: Pick<IntakePace, 'recorded'>,
  ) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /**
   * Resolves once all are acknowledged by the log; a throw is an outage, and the same are to be raised again. Many go at
   * the pace of the notifier, as long as it keeps up, so that they hold up nobody behind them.
   */
  async raise(alerts: readonly AlertRaised[]): Promise<void> {
    const news = alerts.filter(({ id }) => !this.ids.has(id));
    const pacedUntilMs = performance.now() + PACED_MS_MAX;
    for (let at = 0; at < news.length; at += ALERTS_AT_ONCE) {
      const part = news.slice(at, at + ALERTS_AT_ONCE);
      await this.sink.raise(part);
      for (const { id } of part) this.remember(id);
      const isLast = at + ALERTS_AT_ONCE >= news.length;
      const pacedMs = pacedUntilMs - performance.now();
      if (!isLast && pacedMs > 0) await this.pace.recorded(part.at(-1)!.id, pacedMs);
    }
  }

  private remember(id: string): void {
    this.ids.add(id);
    if (this.ids.size <= REMEMBERED_MAX) return;
    const [longestKnown] = this.ids;
    this.ids.delete(longestKnown!);
  }
}
