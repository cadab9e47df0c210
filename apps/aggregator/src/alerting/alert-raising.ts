import { Inject, Injectable } from '@nestjs/common';
import { decodePendingAlert } from '#redis';
import { alertOfPending } from './alert-of-pending.js';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { AlertsSink } from './alerts.sink.js';

/** Brings pending alerts from Redis to their topic: at least once, in order, taken away only when acknowledged. */
@Injectable()
export class AlertRaising {
  private readonly draining = new Map<string, Promise<void>>();

  constructor(
    @Inject(ALERTING_PORTS) private readonly ports: Pick<AlertingPorts, 'pending'>,
    private readonly sink: AlertsSink,
  ) {}

  /** Raises what is pending in a project. One drain of a project at a time in this process. */
  drain(project: string): Promise<void> {
    const running = this.draining.get(project);
    if (running) return running;
    const started = this.raiseAll(project).finally(() => this.draining.delete(project));
    this.draining.set(project, started);
    return started;
  }

  private async raiseAll(project: string): Promise<void> {
    for (;;) {
      const entries = await this.ports.pending.read(project);
      if (entries.length === 0) return;
      await this.sink.raise(entries.map((entry) => alertOfPending(decodePendingAlert(entry))));
      if ((await this.sink.shorten(project, entries)) === 0) return;
    }
  }
}
