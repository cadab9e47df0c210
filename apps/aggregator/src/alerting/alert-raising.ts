import { Inject, Injectable } from '@nestjs/common';
import type { AlertRaised } from '#contracts';
import { LOGGER, type Logger } from '#platform';
import type { SetAsideAlert } from '#postgres';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { AlertsSink } from './alerts.sink.js';
import { IntakePace } from './intake-pace.js';
import { readPending } from './read-pending.js';

/** Of a project's alerts no more than a slice lies in the topic unrecorded, as long as the notifier keeps up. */
const RECORDED_MS_MAX = 2_000;

interface Slice {
  /** Of its last alert; null when it had none. */
  lastId: string | null;
  left: number;
}

/**
 * Brings pending alerts from Redis to their topic: at least once, in order, taken away only when acknowledged. A storm of
 * one project waits in that project's own list, where it is in nobody's way.
 */
@Injectable()
export class AlertRaising {
  private readonly draining = new Map<string, Promise<void>>();

  constructor(
    @Inject(ALERTING_PORTS) private readonly ports: Pick<AlertingPorts, 'pending'>,
    private readonly sink: AlertsSink,
    @Inject(IntakePace) private readonly pace: Pick<IntakePace, 'recorded'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Raises what is pending in a project: resolves behind the first slice, and the rest follows by itself. One drain of a
   * project at a time in this process.
   */
  drain(project: string): Promise<void> {
    const running = this.draining.get(project);
    if (running) return running;
    const first = this.raiseSlice(project);
    const begun = first.then(() => undefined);
    this.draining.set(project, begun);
    void this.goOn(project, first).finally(() => this.draining.delete(project));
    return begun;
  }

  private async goOn(project: string, first: Promise<Slice | null>): Promise<void> {
    // Who asked hears of a first slice that failed.
    let slice = await first.catch(() => null);
    try {
      while (slice !== null && slice.left > 0) {
        if (slice.lastId !== null) await this.pace.recorded(slice.lastId, RECORDED_MS_MAX);
        slice = await this.raiseSlice(project);
      }
    } catch (error) {
      this.logger.warn({ err: error, project }, 'alerts stay pending; they are raised again');
    }
  }

  /** Null when nothing is pending. */
  private async raiseSlice(project: string): Promise<Slice | null> {
    const entries = await this.ports.pending.read(project);
    if (entries.length === 0) return null;
    const alerts: AlertRaised[] = [];
    const refused: SetAsideAlert[] = [];
    for (const entry of entries) {
      const read = readPending(project, entry);
      if ('alert' in read) alerts.push(read.alert);
      else refused.push({ project, content: Buffer.from(entry), reason: read.refused });
    }
    await this.sink.raise(alerts);
    await this.sink.setAside(refused);
    const left = await this.sink.shorten(project, entries);
    return { lastId: alerts.at(-1)?.id ?? null, left };
  }
}
