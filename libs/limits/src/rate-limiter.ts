import { type Amounts, type UseKind, USE_KINDS, type Quotas, WINDOW_SECONDS } from './quotas.js';
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
  /** Until the window ends. */
  secondsLeft: number;
  /** What is used up; null while a call may be taken. */
  exhausted: UseKind | null;
}

/** What a project and its keys have used in a window and others have not heard of. */
export interface Unshared {
  window: number;
  project: string;
  tallies: { tally: Tally; keyId: string | null; amounts: Amounts }[];
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

  constructor(private readonly now: () => number) {}

  static spend({ project, key }: Account, kind: UseKind, amount: number): void {
    project.mine[kind] += amount;
    key.mine[kind] += amount;
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
    const leftMs = (this.window + 1) * WINDOW_MS - this.now();
    return {
      left,
      secondsLeft: Math.max(1, Math.ceil(leftMs / 1_000)),
      exhausted: USE_KINDS.find((kind) => left[kind] === 0) ?? null,
    };
  }

  /** At most so many projects, those that wait longest first. */
  unshared(projectsMax: number): Unshared[] {
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
    return [...byProject.values()];
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
