import { Inject, Injectable } from '@nestjs/common';
import type { AlertRaised } from '#contracts';
import { AlertsSink } from './alerts.sink.js';

const ALERTS_AT_ONCE = 100;
const REMEMBERED_MAX = 100_000;

/** Remembers what this process raised, so that who finds the same again does not say it again. */
@Injectable()
export class RaisedOnce {
  private readonly ids = new Set<string>();

  constructor(@Inject(AlertsSink) private readonly sink: Pick<AlertsSink, 'raise'>) {}

  has(id: string): boolean {
    return this.ids.has(id);
  }

  /** Resolves once all are acknowledged by the log; a throw is an outage, and the same are to be raised again. */
  async raise(alerts: readonly AlertRaised[]): Promise<void> {
    const news = alerts.filter(({ id }) => !this.ids.has(id));
    for (let at = 0; at < news.length; at += ALERTS_AT_ONCE) {
      const part = news.slice(at, at + ALERTS_AT_ONCE);
      await this.sink.raise(part);
      for (const { id } of part) this.remember(id);
    }
  }

  private remember(id: string): void {
    this.ids.add(id);
    if (this.ids.size <= REMEMBERED_MAX) return;
    const [longestKnown] = this.ids;
    this.ids.delete(longestKnown!);
  }
}
