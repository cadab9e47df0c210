import type { DecidedRecord } from '../deciding/steps/decide-items.js';

/** Rows by the project that they are of. Those of records that could not be read are nobody's. */
export type RowsByProject = ReadonlyMap<string, number>;

/** How much of a partition is decided and not stored: its rows, whose they are, and the length of their records. */
export class WaitingRows {
  private count = 0;
  private length = 0;
  private readonly waiting = new Map<string, number>();
  private stored = new Map<string, number>();

  get rows(): number {
    return this.count;
  }

  get bytes(): number {
    return this.length;
  }

  get byProject(): RowsByProject {
    return this.waiting;
  }

  add(record: DecidedRecord): void {
    this.count += record.counted.length + record.setAside.length;
    this.length += record.bytes;
    for (const [project, rows] of projectsOf(record)) change(this.waiting, project, rows);
  }

  remove(record: DecidedRecord): void {
    this.count -= record.counted.length + record.setAside.length;
    this.length -= record.bytes;
    for (const [project, rows] of projectsOf(record)) {
      change(this.waiting, project, -rows);
      change(this.stored, project, rows);
    }
  }

  /** What was removed since it was last taken. */
  takeStored(): RowsByProject {
    const { stored } = this;
    this.stored = new Map();
    return stored;
  }
}

/** A project's rows often lie side by side, and then are one entry: it may have several. */
function projectsOf({ counted, setAside }: DecidedRecord): [project: string, rows: number][] {
  const runs: [string, number][] = [];
  let last: [string, number] = ['', 0];
  const note = (project: string) => {
    if (project !== last[0] || last[1] === 0) runs.push((last = [project, 0]));
    last[1] += 1;
  };
  for (const { usage } of counted) note(usage.project);
  for (const { project } of setAside) if (project !== null) note(project);
  return runs;
}

function change(rows: Map<string, number>, project: string, by: number): void {
  const now = (rows.get(project) ?? 0) + by;
  if (now > 0) rows.set(project, now);
  else rows.delete(project);
}
