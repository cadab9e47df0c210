import { Inject, Injectable } from '@nestjs/common';
import type { AlertRaised } from '#contracts';
import { decimalFromUnits } from '#meters';
import { Clock } from '#platform';
import type { OpenBreach } from '#postgres';
import { type CompiledBudget, limitsOf } from '#watches';
import { WatchBook } from '#watch-book';
import { recoveryByLimitOf, recoveryOf, reminderOf } from './alert-of-breach.js';
import { ALERTING_PORTS, type AlertingPorts } from './alerting.ports.js';
import { RaisedOnce } from './raised-once.js';
import { WatchByWatch } from './watch-by-watch.js';

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
    @Inject(ALERTING_PORTS)
    private readonly ports: Pick<AlertingPorts, 'breaches' | 'breachesLock' | 'counters'>,
    private readonly once: RaisedOnce,
    private readonly book: WatchBook,
    private readonly clock: Clock,
    private readonly watches: WatchByWatch,
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
    // Beyond the limit there may be more.
    if (wide && ended.length < ENDED_AT_ONCE) this.widelyLookedAtMs = nowMs;
  }

  /** Counting tells of it as the limit is raised; what Redis lost before it was told is told here. */
  private async recoverByLimit(nowMs: number): Promise<void> {
    const breaches = await this.ports.breaches.ofFormerLimits(new Date(nowMs));
    const windows = Map.groupBy(
      breaches,
      ({ watch, windowStart }) => `${watch} ${windowStart?.getTime()}`,
    );
    for (const ofWindow of windows.values())
      await this.watches.passOver(ofWindow[0]!.watch, () =>
        this.recoverWindowByLimit(ofWindow, nowMs),
      );
  }

  private async recoverWindowByLimit(breaches: OpenBreach[], nowMs: number): Promise<void> {
    const { project, watch, windowStart } = breaches[0]!;
    const compiled = this.book.find(project, watch);
    if (!compiled?.budget) return;
    const { arming, limit, limitText } = limitsOf(compiled, nowMs);
    const former = breaches.filter((breach) => breach.arming !== arming);
    if (former.length === 0) return;
    const sums = await this.sumsOf(compiled, windowStart, former, nowMs);
    const recoveries = former.flatMap((breach) => {
      const amount = sums?.get(breach.counter)?.amount;
      if (amount === undefined || amount >= limit) return [];
      const value = decimalFromUnits(amount, compiled.meter.unit);
      return [recoveryByLimitOf(breach, { limit: limitText, value }, nowMs)];
    });
    await this.once.raise(recoveries);
  }

  private async remind(nowMs: number): Promise<void> {
    const budgets = this.budgetsThatRemind();
    if (budgets.size === 0) return;
    const breaches = await this.ports.breaches.lasting([...budgets.keys()], new Date(nowMs));
    const due: AlertRaised[] = [];
    for (const breach of breaches) {
      await this.watches.passOver(breach.watch, async () => {
        const reminder = await this.reminderDue(budgets.get(breach.watch)!, breach, nowMs);
        if (reminder !== null) due.push(reminder);
      });
    }
    await this.once.raise(due);
  }

  private async reminderDue(
    compiled: CompiledBudget,
    breach: OpenBreach,
    nowMs: number,
  ): Promise<AlertRaised | null> {
    const reminder = reminderOf(breach, compiled.budget.renotify_seconds!, nowMs);
    if (reminder === null || breach.acknowledged || this.once.has(reminder.id)) return null;
    const present = await this.presentOf(compiled, breach, nowMs);
    // A limit that was raised is on its way to a recovery.
    if (present !== null && present < limitsOf(compiled, nowMs).limit) return null;
    return present === null ? reminder : withValue(reminder, compiled, present);
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
    compiled: CompiledBudget,
    breach: OpenBreach,
    nowMs: number,
  ): Promise<bigint | null> {
    if (compiled.budget.window.kind === 'rolling') return null;
    const sums = await this.sumsOf(compiled, breach.windowStart, [breach], nowMs);
    return sums?.get(breach.counter)?.amount ?? null;
  }

  private sumsOf(
    { budget, definition, windows }: CompiledBudget,
    windowStart: Date | null,
    breaches: readonly OpenBreach[],
    nowMs: number,
  ) {
    const { startMs } = windows.of(windowStart?.getTime() ?? nowMs);
    return this.ports.counters.read(
      { project: budget.project, definition, windowStarts: [startMs] },
      breaches.map(({ counter }) => counter),
    );
  }
}

function withValue(alert: AlertRaised, { meter }: CompiledBudget, amount: bigint): AlertRaised {
  return { ...alert, data: { ...alert.data, value: decimalFromUnits(amount, meter.unit) } };
}
