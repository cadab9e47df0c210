import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger } from '#platform';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import type { RowsByProject } from '../partitions/waiting-rows.js';
import { type PacedStream, PACING_PORTS, type PacingPorts } from './pacing.ports.js';
import { PacingSink } from './pacing.sink.js';
import { ProjectPaces } from './project-paces.js';

/** Watches how long rows wait, and tells the doors whom to slow down. */
@Injectable()
export class Pacing {
  private readonly paces = new ProjectPaces();
  private readonly seenFirstMs = new WeakMap<PacedStream, number>();
  private interruptedMs = 0;

  constructor(
    @Inject(PACING_PORTS) private readonly ports: PacingPorts,
    private readonly sink: PacingSink,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A store is away, or was: what came until now waits for that, and nobody is slowed down for it. */
  interrupted(): void {
    this.interruptedMs = this.clock.now();
  }

  async look(): Promise<void> {
    const nowMs = this.clock.now();
    const streams = this.ports.owned.all().map(({ stream }) => stream);
    const paces = this.paces.look({
      nowMs,
      fromMs: this.waitingFromMs(streams, nowMs),
      bytes: streams.reduce((bytes, { waiting }) => bytes + waiting.bytes, 0),
      waiting: sumOf(streams.map(({ waiting }) => waiting.byProject)),
      stored: sumOf(streams.map(({ waiting }) => waiting.takeStored())),
    });
    this.metrics.pacedProjects.set(paces.size);
    // Identities spread events over the partitions evenly: what holds for ours holds for all.
    const share = Math.max(1, streams.length) / this.ports.partitions;
    const whole = [...paces].map(([project, pace]) => [project, Math.ceil(pace / share)] as const);
    await this.sink.write(new Map(whole));
    for (const [project, eventsPerSecond] of whole)
      this.logger.debug({ project, events_per_second: eventsPerSecond }, 'a project is paced');
  }

  private waitingFromMs(streams: readonly PacedStream[], nowMs: number): number | null {
    let oldestMs: number | null = null;
    for (const stream of streams) {
      // What came before a partition was taken over waited for that.
      const takenMs = this.seenFirstMs.get(stream) ?? nowMs;
      this.seenFirstMs.set(stream, takenMs);
      const fromMs = stream.waitingFromMs;
      if (fromMs === null || fromMs < Math.max(takenMs, this.interruptedMs)) continue;
      oldestMs = Math.min(oldestMs ?? fromMs, fromMs);
    }
    return oldestMs;
  }
}

function sumOf(parts: readonly RowsByProject[]): RowsByProject {
  const sum = new Map<string, number>();
  for (const part of parts)
    for (const [project, rows] of part) sum.set(project, (sum.get(project) ?? 0) + rows);
  return sum;
}
