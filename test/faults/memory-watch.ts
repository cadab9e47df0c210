import { readFileSync } from 'node:fs';
import type { Platform } from '../../dev/platform/platform.js';

interface Sample {
  name: string;
  atMs: number;
  /** Since this run of the process began. */
  ageMs: number;
  bytes: number;
}

/** What a process holds grows for a while after its start, whatever it does. */
const WARM_MS = 20_000;

/** Looks at the memory of processes every so often, across their restarts. */
export class MemoryWatch {
  private readonly samples: Sample[] = [];
  private readonly bornMs = new Map<number, number>();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly platform: Platform,
    private readonly names: readonly string[],
    everyMs: number,
  ) {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** By process: the median of its warm memory in the last third of the time over that in the middle third. Only of those that were warm in both. */
  growth(): Map<string, number> {
    const warm = this.samples.filter(({ ageMs }) => ageMs >= WARM_MS);
    const [first, last] = [this.samples.at(0)!.atMs, this.samples.at(-1)!.atMs];
    const third = (last - first) / 3;
    const between = (name: string, fromMs: number, toMs: number) =>
      warm
        .filter((one) => one.name === name && one.atMs >= fromMs && one.atMs <= toMs)
        .map(({ bytes }) => bytes)
        .toSorted((a, b) => a - b);
    return new Map(
      this.names.flatMap((name): [string, number][] => {
        const middle = between(name, first + third, last - third);
        const late = between(name, last - third, last);
        if (middle.length === 0 || late.length === 0) return [];
        return [[name, medianOf(late) / medianOf(middle)]];
      }),
    );
  }

  /** The most that each process ever held, in MiB. */
  mostMiB(): Record<string, number> {
    const most: Record<string, number> = {};
    for (const { name, bytes } of this.samples)
      most[name] = Math.max(most[name] ?? 0, Math.round(bytes / 2 ** 20));
    return most;
  }

  private look(): void {
    const atMs = Date.now();
    for (const name of this.names) {
      const { pid } = this.platform.process(name);
      if (pid === undefined) continue;
      const bornMs = this.bornMs.get(pid) ?? atMs;
      this.bornMs.set(pid, bornMs);
      const bytes = residentBytesOf(pid);
      if (bytes !== null) this.samples.push({ name, atMs, ageMs: atMs - bornMs, bytes });
    }
  }
}

function residentBytesOf(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    // It ended a moment ago.
    return null;
  }
}

function medianOf(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)]!;
}
