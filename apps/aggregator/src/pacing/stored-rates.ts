import type { RowsByProject } from '../partitions/waiting-rows.js';

const SHORT_MS = 10_000;
const LONG_MS = 60_000;

interface Look {
  atMs: number;
  stored: RowsByProject;
}

/** How fast the rows of each project were stored, from what was stored between looks. */
export class StoredRates {
  private looks: Look[] = [];

  note(stored: RowsByProject, atMs: number): void {
    this.looks = this.looks.filter((look) => atMs - look.atMs < LONG_MS);
    this.looks.push({ atMs, stored });
  }

  /** Rows a second of the last ten seconds. */
  recent(project: string, nowMs: number): number {
    return this.over(SHORT_MS, project, nowMs);
  }

  /** Rows a second of the last ten seconds or of the last minute, whichever is more. */
  usual(project: string, nowMs: number): number {
    return Math.max(this.recent(project, nowMs), this.over(LONG_MS, project, nowMs));
  }

  private over(spanMs: number, project: string, nowMs: number): number {
    let rows = 0;
    for (const { atMs, stored } of this.looks)
      if (nowMs - atMs < spanMs) rows += stored.get(project) ?? 0;
    return (1_000 * rows) / spanMs;
  }
}
