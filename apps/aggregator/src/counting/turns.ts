/** Turns that ended longer ago do not count any more. */
const REMEMBERED_MS = 3_000;

interface Turn {
  startedMs: number;
  /** Null while it is under way. */
  endedMs: number | null;
}

/** How much time the counting of each project took lately, over all partitions. */
export class Turns {
  private readonly turns = new Map<string, Turn[]>();

  async of<T>(project: string, now: () => number, work: () => Promise<T>): Promise<T> {
    const turn: Turn = { startedMs: now(), endedMs: null };
    this.turns.set(project, [...this.recent(project, now()), turn]);
    try {
      return await work();
    } finally {
      turn.endedMs = now();
    }
  }

  /** Milliseconds of the last three seconds; two partitions at once count twice. */
  tookMs(project: string, nowMs: number): number {
    const fromMs = nowMs - REMEMBERED_MS;
    return this.recent(project, nowMs).reduce(
      (sum, { startedMs, endedMs }) => sum + (endedMs ?? nowMs) - Math.max(startedMs, fromMs),
      0,
    );
  }

  private recent(project: string, nowMs: number): Turn[] {
    const turns = this.turns.get(project) ?? [];
    const recent = turns.filter(({ endedMs }) => (endedMs ?? nowMs) > nowMs - REMEMBERED_MS);
    if (recent.length === 0) this.turns.delete(project);
    return recent;
  }
}
