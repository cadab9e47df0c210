import type { RowsByProject } from '../partitions/waiting-rows.js';
import { StoredRates } from './stored-rates.js';

/** Rows that wait longer are late: the promise is that usage can be read within three seconds. */
const LATE_MS = 1_500;
/** Below it there is room for more. */
const EASY_MS = 1_000;
/** Less is no backlog: stores that stumble for a moment hold up as much. */
const BACKLOG_ROWS = 5_000;
const BACKLOG_BYTES = 33_554_432;
/** A project that sent something since is kept waiting by whoever makes the others wait. */
const PRESENT_MS = 60_000;
/** A pace is heard at every door within a second; only what came behind that shows what it does. */
const HEARD_MS = 1_000;
/** A flood that holds its breath is no flood that is over. */
const UNUSED_MS = 10_000;
/** A project is never stopped. */
const PACE_MIN = 20;
const FIRST = 0.8;
const SLOWER = 0.8;
const FASTER = 1.05;

/** What is seen at one moment of all streams of a process. */
export interface Backlog {
  nowMs: number;
  /** When the oldest row that waits came; null when none waits. Without those that an outage held up. */
  fromMs: number | null;
  /** Of the records whose rows wait. */
  bytes: number;
  waiting: RowsByProject;
  /** Since the look before. */
  stored: RowsByProject;
}

interface PaceUnderWay {
  perSecond: number;
  slowedAtMs: number;
  /** Since when more is allowed than is sent; null while the project uses what it is allowed. */
  unusedSinceMs: number | null;
}

/**
 * Slows a project down that alone makes up most of what waits while others have to wait behind it: to what is stored of it,
 * then by and by to more, and to less again when what came behind a change still waits too long. Rows a second, of this process.
 */
export class ProjectPaces {
  private readonly paces = new Map<string, PaceUnderWay>();
  private readonly seenAtMs = new Map<string, number>();
  private readonly rates = new StoredRates();
  private wasLate = false;

  /** Looks once, and says what paces hold from now on. */
  look(backlog: Backlog): ReadonlyMap<string, number> {
    const { nowMs, fromMs, waiting, stored } = backlog;
    this.rates.note(stored, nowMs);
    for (const project of [...waiting.keys(), ...stored.keys()]) this.seenAtMs.set(project, nowMs);
    for (const [project, atMs] of this.seenAtMs)
      if (nowMs - atMs > PRESENT_MS) this.seenAtMs.delete(project);
    const waitedMs = fromMs === null ? 0 : nowMs - fromMs;
    const dominant = this.dominantIn(backlog);
    for (const [project, pace] of this.paces) {
      if (waitedMs <= EASY_MS) this.ease(project, pace, nowMs);
      else if (project === dominant) this.holdBack(project, pace, backlog);
    }
    // One look may fall into a moment in which everything stands still.
    const isLate = waitedMs > LATE_MS;
    if (isLate && this.wasLate && dominant !== null && !this.paces.has(dominant))
      this.begin(dominant, nowMs);
    this.wasLate = isLate;
    return new Map([...this.paces].map(([project, { perSecond }]) => [project, perSecond]));
  }

  /** Who alone makes up most of a backlog; null when nobody does, or nobody else is there. */
  private dominantIn({ waiting, bytes }: Backlog): string | null {
    if (this.seenAtMs.size < 2) return null;
    let all = 0;
    let most: [string, number] = ['', 0];
    for (const entry of waiting) {
      all += entry[1];
      if (entry[1] > most[1]) most = entry;
    }
    const [project, rows] = most;
    return rows > all / 2 && (rows >= BACKLOG_ROWS || bytes >= BACKLOG_BYTES) ? project : null;
  }

  private begin(project: string, nowMs: number): void {
    const perSecond = this.rates.usual(project, nowMs);
    // Nothing was stored of it lately: it is the stores that stand still.
    if (perSecond === 0) return;
    const pace = { perSecond, slowedAtMs: nowMs, unusedSinceMs: null };
    this.slow(pace, FIRST, nowMs);
    this.paces.set(project, pace);
  }

  /** A queue of it has formed: what is stored of it is what can be. */
  private holdBack(project: string, pace: PaceUnderWay, { nowMs, fromMs }: Backlog): void {
    pace.perSecond = Math.min(pace.perSecond, this.rates.usual(project, nowMs));
    const isOwed = fromMs! > pace.slowedAtMs + HEARD_MS && nowMs - fromMs! > LATE_MS;
    if (isOwed) this.slow(pace, SLOWER, nowMs);
  }

  private ease(project: string, pace: PaceUnderWay, nowMs: number): void {
    if (this.rates.recent(project, nowMs) > pace.perSecond / 2) {
      pace.unusedSinceMs = null;
      pace.perSecond *= FASTER;
      return;
    }
    pace.unusedSinceMs ??= nowMs;
    if (nowMs - pace.unusedSinceMs >= UNUSED_MS) this.paces.delete(project);
  }

  private slow(pace: PaceUnderWay, by: number, nowMs: number): void {
    pace.perSecond = Math.max(PACE_MIN, pace.perSecond * by);
    pace.slowedAtMs = nowMs;
  }
}
