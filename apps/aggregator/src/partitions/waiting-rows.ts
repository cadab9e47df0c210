import type { DecidedRecord } from '../deciding/steps/decide-items.js';

/** Rows by the project that they are of; under an empty name those of records that could not be read. */
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
    for (const project of projectsOf(record)) change(this.waiting, project, 1);
  }

  remove(record: DecidedRecord): void {
    this.count -= record.counted.length + record.setAside.length;
    this.length -= record.bytes;
    for (const project of projectsOf(record)) {
      change(this.waiting, project, -1);
      change(this.stored, project, 1);
    }
  }

  /** What was removed since it was last taken. */
  takeStored(): RowsByProject {
    const { stored } = this;
    this.stored = new Map();
    return stored;
  }
}

function* projectsOf({ counted, setAside }: DecidedRecord): Iterable<string> {
  for (const { usage } of counted) yield usage.project;
  for (const { project } of setAside) yield project ?? '';
}

function change(rows: Map<string, number>, project: string, by: number): void {
  const now = (rows.get(project) ?? 0) + by;
  if (now > 0) rows.set(project, now);
  else rows.delete(project);
}
