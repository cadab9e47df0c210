const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/** Projects that are let alone for a while: each time in a row for twice as long, up to a minute. */
export class Rests {
  private readonly rests = new Map<string, { untilMs: number; tries: number }>();

  isResting(project: string, nowMs: number): boolean {
    return nowMs < (this.rests.get(project)?.untilMs ?? -Infinity);
  }

  /** One that rests already is not told again: several partitions find the same. */
  begin(project: string, nowMs: number): void {
    if (this.isResting(project, nowMs)) return;
    const tries = this.rests.get(project)?.tries ?? 0;
    const untilMs = nowMs + Math.min(FIRST_MS * 2 ** tries, LONGEST_MS);
    this.rests.set(project, { untilMs, tries: tries + 1 });
  }

  end(project: string): void {
    this.rests.delete(project);
  }
}
