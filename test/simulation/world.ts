/** Something that acts and can die: a process of ours, or a server. A dead actor's pending work never goes on. */
export interface Actor {
  name: string;
  dead: boolean;
  /** Turns until it runs again: a process that is stopped and later continued. */
  frozenForTurns: number;
}

interface Waiting {
  actor: Actor;
  proceed: () => void;
}

/**
 * One seed, one history. Every step of every actor waits for its turn, and the seed decides whose turn it is, so that
 * a failing interleaving can be run again.
 */
export class World {
  timeMs = Date.UTC(2026, 10, 2);
  turns = 0;
  private waiting: Waiting[] = [];
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed;
  }

  actor(name: string): Actor {
    return { name, dead: false, frozenForTurns: 0 };
  }

  /** Mulberry32: small, and the same on every machine. */
  random(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  }

  below(limit: number): number {
    return Math.floor(this.random() * limit);
  }

  chance(probability: number): boolean {
    return this.random() < probability;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  turn(actor: Actor): Promise<void> {
    return new Promise((proceed) => {
      if (!actor.dead) this.waiting.push({ actor, proceed });
    });
  }

  /** Gives one waiting actor its turn. False when nobody waits. */
  async next(): Promise<boolean> {
    this.turns += 1;
    this.timeMs += this.below(30);
    this.waiting = this.waiting.filter(({ actor }) => !actor.dead);
    for (const { actor } of this.waiting)
      actor.frozenForTurns = Math.max(0, actor.frozenForTurns - 1);
    if (this.waiting.length === 0) return false;
    const running = this.waiting.filter(({ actor }) => actor.frozenForTurns === 0);
    const chosen = this.pick(running.length > 0 ? running : this.waiting);
    this.waiting.splice(this.waiting.indexOf(chosen), 1);
    chosen.proceed();
    await new Promise((settled) => setImmediate(settled));
    return true;
  }
}
