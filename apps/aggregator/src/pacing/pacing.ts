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
  /** Events a second of each project that is paced. */
  private paced: ReadonlyMap<string, number> = new Map();

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
    // Identities spread events over the partitions evenly: what holds for ours holds for all.
    const share = Math.max(1, streams.length) / this.ports.partitions;
    const whole = [...paces].map(([project, pace]) => [project, Math.ceil(pace / share)] as const);
    this.tell(new Map(whole));
    await this.sink.write(this.paced);
  }

  private tell(paced: ReadonlyMap<string, number>): void {
    const former = this.paced;
    this.paced = paced;
    this.metrics.pacedProjects.set(paced.size);
    for (const [project, pace] of paced) {
      if (!former.has(project))
        this.logger.warn({ project, events_per_second: pace }, 'a project keeps others waiting');
    }
    for (const project of former.keys())
      if (!paced.has(project)) this.logger.info({ project }, 'a project is no longer paced');
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
