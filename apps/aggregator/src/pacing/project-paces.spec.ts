import { describe, expect, it } from '@jest/globals';
import { ProjectPaces } from './project-paces.js';

const LOOK_MS = 500;
/** From a look until the doors hold a pace. */
const HEARD_MS = 700;

interface Sent {
  project: string;
  atMs: number;
  rows: number;
}

/** A store that takes rows in the order in which they came, so many a second, and doors that keep the paces they hear of. */
class Pipe {
  nowMs = 0;
  /** When it stores nothing. */
  stillFromMs = Infinity;
  stillToMs = Infinity;
  readonly paced: { project: string; pace: number; atMs: number }[] = [];
  readonly stored = new Map<string, number>();
  readonly waits: { project: string; ms: number; atMs: number }[] = [];
  private readonly queue: Sent[] = [];
  private readonly heard: { atMs: number; paces: ReadonlyMap<string, number> }[] = [];
  private sinceLook = new Map<string, number>();
  private readonly paces = new ProjectPaces();

  constructor(private readonly capacity: number) {}

  /** @param demand rows a second of each project. */
  run(untilMs: number, demand: Record<string, number>): void {
    for (; this.nowMs < untilMs; this.nowMs += 100) {
      const paces = this.heard.findLast(({ atMs }) => atMs <= this.nowMs)?.paces;
      for (const [project, perSecond] of Object.entries(demand)) {
        const rows = Math.min(perSecond, paces?.get(project) ?? Infinity) / 10;
        if (rows > 0) this.queue.push({ project, atMs: this.nowMs, rows });
      }
      if (this.nowMs < this.stillFromMs || this.nowMs >= this.stillToMs) this.store();
      if (this.nowMs % LOOK_MS === 0) this.look();
    }
  }

  /** The longest that rows of `project` waited which were stored from `fromMs` on. */
  longestMs(project: string, fromMs: number): number {
    const waits = this.waits.filter((wait) => wait.project === project && wait.atMs >= fromMs);
    return Math.max(0, ...waits.map(({ ms }) => ms));
  }

  private store(): void {
    let room = this.capacity / 10;
    while (room > 0 && this.queue.length > 0) {
      const first = this.queue[0]!;
      const rows = Math.min(room, first.rows);
      room -= rows;
      first.rows -= rows;
      for (const sums of [this.stored, this.sinceLook])
        sums.set(first.project, (sums.get(first.project) ?? 0) + rows);
      if (first.rows > 0) break;
      this.queue.shift();
      const { project, atMs } = first;
      this.waits.push({ project, ms: this.nowMs - atMs, atMs: this.nowMs });
    }
  }

  private look(): void {
    const waiting = new Map<string, number>();
    for (const { project, rows } of this.queue)
      waiting.set(project, (waiting.get(project) ?? 0) + rows);
    const stored = this.sinceLook;
    this.sinceLook = new Map();
    const fromMs = this.queue[0]?.atMs ?? null;
    const paces = this.paces.look({ nowMs: this.nowMs, fromMs, bytes: 0, waiting, stored });
    this.heard.push({ atMs: this.nowMs + HEARD_MS, paces: new Map(paces) });
    for (const [project, pace] of paces) this.paced.push({ project, pace, atMs: this.nowMs });
  }
}

describe('the pace of a project', () => {
  it.each([1.5, 2, 4])(
    'lets others wait less than 3 s beside a flood of %s times what can be stored, and the flood most of the rest',
    (times) => {
      const pipe = new Pipe(10_000);
      pipe.run(30_000, { flood: 3_000, quiet: 10 });
      expect(pipe.paced).toEqual([]);
      pipe.run(150_000, { flood: times * 10_000, quiet: 10 });
      expect(new Set(pipe.paced.map(({ project }) => project))).toEqual(new Set(['flood']));
      // Before it is noticed a flood has come in already: that has to be stored first.
      expect(pipe.longestMs('quiet', 60_000)).toBeLessThan(3_000);
      const before = 30 * 3_000;
      expect((pipe.stored.get('flood')! - before) / 120).toBeGreaterThan(7_000);
    },
  );

  it('ends when its project sends little again', () => {
    const pipe = new Pipe(10_000);
    pipe.run(60_000, { flood: 30_000, quiet: 10 });
    expect(pipe.paced.length).toBeGreaterThan(0);
    pipe.run(90_000, { flood: 100, quiet: 10 });
    expect(pipe.paced.at(-1)!.atMs).toBeLessThan(85_000);
  });

  it('is given to nobody who is alone, however much waits', () => {
    const pipe = new Pipe(1_000);
    pipe.run(30_000, { flood: 10_000 });
    expect(pipe.paced).toEqual([]);
  });

  it('is given to nobody where none has most of what waits: then all are too many', () => {
    const pipe = new Pipe(1_000);
    pipe.run(30_000, { a: 1_000, b: 1_000, c: 1_000 });
    expect(pipe.paced).toEqual([]);
  });

  it('is given to nobody while stores stand still, and afterwards not below what it sends', () => {
    const pipe = new Pipe(10_000);
    pipe.stillFromMs = 60_000;
    pipe.stillToMs = 64_000;
    pipe.run(61_900, { most: 2_000, quiet: 10 });
    expect(pipe.paced).toEqual([]);
    pipe.run(120_000, { most: 2_000, quiet: 10 });
    // Of the last ten seconds, four stood still.
    for (const { pace } of pipe.paced) expect(pace).toBeGreaterThanOrEqual(0.6 * 2_000);
    expect(pipe.stored.get('most')).toBeGreaterThan(0.97 * 120 * 2_000);
  });

  it('is not lost sight of while stores stand still', () => {
    const pipe = new Pipe(10_000);
    pipe.run(60_000, { flood: 30_000, quiet: 10 });
    const before = pipe.paced.at(-1)!.pace;
    expect(before).toBeGreaterThan(5_000);
    pipe.stillFromMs = 60_000;
    pipe.stillToMs = 68_000;
    pipe.run(68_000, { flood: 30_000, quiet: 10 });
    // Of the last minute, eight seconds stood still; and twice at most it was late behind the last change.
    expect(pipe.paced.at(-1)!.pace).toBeGreaterThan(before / 2);
  });
});
