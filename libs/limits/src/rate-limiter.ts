import { Pace, type PaceStanding } from './pace.js';
import {
  type Amounts,
  noUse,
  type Quotas,
  USE_KINDS,
  type UseKind,
  WINDOW_SECONDS,
} from './quotas.js';
import { Tally } from './tally.js';

const WINDOW_MS = WINDOW_SECONDS * 1_000;
/** Of projects and keys together, in one window. Beyond them the one that came first is counted anew. */
const TALLIES_MAX = 50_000;

/** Whose call it is. */
export interface Caller {
  project: string;
  keyId: string;
}

/** Where a call is counted: of the window in which it came. */
export interface Account {
  project: Tally;
  key: Tally;
}

export interface Standing {
  /** In this window, of the tighter of project and key. */
  left: Amounts;
  /** Until the window ends; where the pace is what holds the project back, until it has room again. */
  secondsLeft: number;
  /** What is used up; null while a call may be taken. */
  exhausted: UseKind | 'pace' | null;
  /** Of a project that keeps others waiting; null without. */
  pace: PaceStanding | null;
}

/** What a project and its keys have used in a window and others have not heard of. */
export interface Unshared {
  window: number;
  project: string;
  tallies: { tally: Tally; keyId: string | null; amounts: Amounts }[];
}

/** What all processes say of a project together. */
export interface SharedStanding {
  /** Tally by tally. */
  totals: Amounts[];
  /** Events a second that it may send while it keeps others waiting; null for as many as its quotas allow. */
  pace: number | null;
}

/**
 * Counts what projects and keys use in windows of ten seconds, and says when a quota is used up. A call is taken while
 * anything is left of each kind, and counted whole: the last one may go over. Counting is this process's own; what others
 * use is learnt in between, and without that each process holds the quotas by itself.
 */
export class RateLimiter {
  private window = -1;
  private readonly tallies = new Map<string, Tally>();
  private accounts = new WeakMap<Caller, Account>();
  /** Of projects that keep others waiting. They outlive the windows. */
  private readonly paces = new Map<string, Pace>();

  constructor(private readonly now: () => number) {}

  spend({ project, key }: Account, kind: UseKind, amount: number): void {
    project.mine[kind] += amount;
    key.mine[kind] += amount;
    if (kind === 'events') this.paces.get(project.project)?.spend(amount);
  }

  /** Remembered by the caller as it was given, for its window: names are not put together for every request. */
  account(caller: Caller): Account {
    this.openWindow();
    const known = this.accounts.get(caller);
    if (known !== undefined) return known;
    const { project, keyId } = caller;
    const account = { project: this.tallyOf(project, null), key: this.tallyOf(project, keyId) };
    this.accounts.set(caller, account);
    return account;
  }

  standing(account: Account, quotas: Quotas): Standing {
    const leftOf = (kind: UseKind) => {
      const ofProject = quotas.project[kind] - account.project.used(kind);
      const ofKey = quotas.key[kind] - account.key.used(kind);
      return Math.max(0, Math.min(ofProject, ofKey));
    };
    const left = {
      requests: leftOf('requests'),
      events: leftOf('events'),
      bytes: leftOf('bytes'),
    };
    const pace = this.paceOf(account.project.project)?.standing(this.now()) ?? null;
    const usedUp = USE_KINDS.find((kind) => left[kind] === 0) ?? null;
    const isPaced = usedUp === null && pace !== null && pace.waitMs > 0;
    const exhausted = isPaced ? 'pace' : usedUp;
    const leftMs = isPaced ? pace.waitMs : (this.window + 1) * WINDOW_MS - this.now();
    return { left, secondsLeft: Math.max(1, Math.ceil(leftMs / 1_000)), exhausted, pace };
  }

  /** At most so many projects, those that wait longest first. A paced one is among them even if it used nothing. */
  unshared(projectsMax: number): Unshared[] {
    this.openWindow();
    const byProject = new Map<string, Unshared>();
    for (const tally of this.tallies.values()) {
      const amounts = tally.unshared();
      if (amounts === null) continue;
      const { project, keyId } = tally;
      const entry = byProject.get(project) ?? { window: this.window, project, tallies: [] };
      if (entry.tallies.length === 0 && byProject.size === projectsMax) continue;
      byProject.set(project, entry);
      entry.tallies.push({ tally, keyId, amounts });
    }
    for (const project of this.paces.keys()) {
      if (byProject.has(project) || byProject.size === projectsMax) continue;
      const tallies = [{ tally: this.tallyOf(project, null), keyId: null, amounts: noUse() }];
      byProject.set(project, { window: this.window, project, tallies });
    }
    return [...byProject.values()];
  }

  learn({ project, tallies }: Unshared, { totals, pace }: SharedStanding): void {
    let sentElsewhere = 0;
    tallies.forEach(({ tally, keyId, amounts }, index) => {
      const total = totals[index];
      if (!total) return;
      const before = tally.used('events');
      tally.learn(amounts, total);
      if (keyId === null) sentElsewhere = tally.used('events') - before;
    });
    const known = this.paces.get(project);
    if (pace === null) this.paces.delete(project);
    else if (known === undefined) this.paces.set(project, new Pace(pace, this.now()));
    else {
      known.spend(sentElsewhere);
      known.learn(pace, this.now());
    }
  }

  private paceOf(project: string): Pace | undefined {
    const pace = this.paces.get(project);
    if (pace?.isOver(this.now()) !== true) return pace;
    this.paces.delete(project);
    return undefined;
  }

  private openWindow(): void {
    const window = Math.floor(this.now() / WINDOW_MS);
    if (window === this.window) return;
    this.window = window;
    this.tallies.clear();
    this.accounts = new WeakMap();
  }

  private tallyOf(project: string, keyId: string | null): Tally {
    const name = keyId === null ? project : `${project}\0${keyId}`;
    const known = this.tallies.get(name);
    if (known !== undefined) return known;
    if (this.tallies.size >= TALLIES_MAX) {
      const [first] = this.tallies.keys();
      this.tallies.delete(first!);
    }
    const tally = new Tally(project, keyId);
    this.tallies.set(name, tally);
    return tally;
  }
}
