import { Inject, Injectable } from '@nestjs/common';
import { type AlertRaised, type Budget, canonicalJson } from '#contracts';
import { decimalFromPico } from '#money';
import { Clock } from '#platform';
import type { OpenBreach } from '#postgres';
import { type CompiledBudget, limitsOf } from '#watches';
import { WatchBook } from '../counting/watch-book.js';
import { recoveryByLimitOf, recoveryOf, reminderOf } from './alert-of-breach.js';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { RaisedOnce } from './raised-once.js';

const MINUTE_MS = 60_000;
/** How far back ends of windows are looked for: as a rule, and now and then. An alert may be recorded late. */
const LOOK_BACK_MS = 15 * MINUTE_MS;
const WIDE_LOOK_BACK_MS = 7 * 24 * 60 * MINUTE_MS;
const WIDE_LOOK_EVERY_MS = 10 * MINUTE_MS;
const ENDED_AT_ONCE = 10_000;

/** What becomes of breaches as time passes. Their memory is the table of alerts; their ids make repeats harmless. */
@Injectable()
export class BreachWatch {
  private widelyLookedAtMs = -Infinity;

  constructor(
    @Inject(ALERTING_PORTS) private readonly ports: AlertingPorts,
    private readonly once: RaisedOnce,
    private readonly book: WatchBook,
    private readonly clock: Clock,
  ) {}

  /** One process at a time. A throw is an outage; the next look covers it. */
  async look(): Promise<void> {
    await this.ports.breachesLock.holding(async () => {
      const nowMs = this.clock.now();
      await this.recoverWindows(nowMs);
      await this.recoverByLimit(nowMs);
      await this.remind(nowMs);
    });
  }

  private async recoverWindows(nowMs: number): Promise<void> {
    const wide = nowMs - this.widelyLookedAtMs >= WIDE_LOOK_EVERY_MS;
    const after = new Date(nowMs - (wide ? WIDE_LOOK_BACK_MS : LOOK_BACK_MS));
    const to = new Date(nowMs);
    const ended = await this.ports.breaches.ended({ after, to, limit: ENDED_AT_ONCE });
    await this.once.raise(ended.map((breach) => recoveryOf(breach, nowMs)));
    if (wide) this.widelyLookedAtMs = nowMs;
  }

  /** Counting tells of it as the limit is raised; what Redis lost before it was told is told here. */
  private async recoverByLimit(nowMs: number): Promise<void> {
    for (const breach of await this.ports.breaches.ofFormerLimits(new Date(nowMs))) {
      const compiled = this.book.find(breach.project, breach.watch);
      if (!compiled?.budget) continue;
      const { arming, limit, limitText } = limitsOf(compiled, nowMs);
      if (arming === breach.arming) continue;
      const { startMs } = compiled.windows.of(breach.windowStart?.getTime() ?? nowMs);
      const { definition, budget } = compiled;
      const request = { project: breach.project, definition, windowStartMs: startMs };
      const { complete, counters } = await this.ports.counters.read(request);
      const counter = counters.find(({ key }) => canonicalJson(key) === breach.counter);
      if (!complete || counter === undefined || counter.amount >= limit) continue;
      const value = amountText(budget, counter.amount);
      await this.once.raise([recoveryByLimitOf(breach, { limit: limitText, value }, nowMs)]);
    }
  }

  private async remind(nowMs: number): Promise<void> {
    const budgets = this.budgetsThatRemind();
    if (budgets.size === 0) return;
    const breaches = await this.ports.breaches.lasting([...budgets.keys()], new Date(nowMs));
    const due: AlertRaised[] = [];
    for (const breach of breaches) {
      const compiled = budgets.get(breach.watch)!;
      const reminder = reminderOf(breach, compiled.budget.renotify_seconds!, nowMs);
      if (reminder === null || breach.acknowledged || this.once.has(reminder.id)) continue;
      const present = await this.presentOf(compiled, breach, nowMs);
      // A limit that was raised is on its way to a recovery.
      if (present !== null && present < limitsOf(compiled, nowMs).limit) continue;
      due.push(present === null ? reminder : withValue(reminder, compiled, present));
    }
    await this.once.raise(due);
  }

  private budgetsThatRemind(): Map<string, CompiledBudget> {
    const all = this.book.projects().flatMap((project) => this.book.budgetsOf(project));
    return new Map(
      all
        .filter(({ budget }) => budget.renotify_seconds !== null && !budget.suspended)
        .map((compiled) => [compiled.budget.id, compiled]),
    );
  }

  /** What the counter holds now; null where it has no window of its own, or cannot be told. */
  private async presentOf(
    { budget, definition, windows }: CompiledBudget,
    { project, counter, windowStart }: OpenBreach,
    nowMs: number,
  ): Promise<bigint | null> {
    if (budget.window.kind === 'rolling') return null;
    const { startMs } = windows.of(windowStart?.getTime() ?? nowMs);
    const request = { project, definition, windowStartMs: startMs, counter };
    return this.ports.counters.readOne(request);
  }
}

function withValue(alert: AlertRaised, { budget }: CompiledBudget, amount: bigint): AlertRaised {
  return { ...alert, data: { ...alert.data, value: amountText(budget, amount) } };
}

function amountText({ on }: Budget, amount: bigint): string {
  return on === 'cost' ? decimalFromPico(amount) : String(amount);
}
