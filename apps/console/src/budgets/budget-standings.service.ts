import { Injectable } from '@nestjs/common';
import { canonicalJson, type CounterKey } from '#contracts';
import { ApiError, unavailable } from '#http';
import { decimalFromUnits } from '#meters';
import { Clock } from '#platform';
import { AlertHistory, type StoredBudget } from '#postgres';
import {
  type BudgetLimits,
  type CompiledBudget,
  compileBudget,
  compileIfSound,
  type CountedSpan,
  countedSpan,
  limitsOf,
  projectBudget,
  type RefusedWatch,
} from '#watches';
import { Engines } from '../engines/engines.js';
import { FreshnessService } from '../freshness/freshness.service.js';
import { readCursor, writeCursor } from '../lists/cursor.js';
import { LIST_LIMIT } from '../lists/list-query.dto.js';
import type { Page } from '../lists/newest-first.js';
import { BudgetCounters } from './budget-counters.js';
import type {
  BudgetCounterDto,
  CounterStandingDto,
  ListCountersQueryDto,
  StandingBudgetDto,
} from './budget-standing.dto.js';
import { showBudget } from './budgets.service.js';
import { counterState } from './counter-state.js';
import { UnpricedUsage } from './unpriced-usage.js';

const THE_ONE_COUNTER = canonicalJson({});

/** A budget at one moment. */
interface Standing {
  compiled: CompiledBudget;
  limits: BudgetLimits;
  span: CountedSpan;
  asOf: string | null;
  nowMs: number;
}

/** Where the counters of budgets stand. */
@Injectable()
export class BudgetStandingsService {
  constructor(
    private readonly engines: Engines,
    private readonly counters: BudgetCounters,
    private readonly unpriced: UnpricedUsage,
    private readonly freshness: FreshnessService,
    private readonly clock: Clock,
  ) {}

  /** The budget with where its one counter stands; `no_data` when nobody can say, and when it is set aside. */
  async ofBudget(budget: StoredBudget): Promise<StandingBudgetDto> {
    const standing = await this.standingOf(budget);
    if ('refused' in standing)
      return Object.assign(showBudget(budget), NOTHING, {
        state: 'no_data' as const,
        limit_in_force: budget.limit,
        set_aside: standing.refused,
      });
    const { compiled, limits, span, nowMs } = standing;
    const shown = Object.assign(showBudget(budget), {
      limit_in_force: limits.limitText,
      set_aside: null,
    });
    if (budget.per.length > 0) return Object.assign(shown, NOTHING);
    const [amounts, unpriced, breached] = await Promise.all([
      this.counters.read(compiled, span, [THE_ONE_COUNTER]),
      this.unpriced.count(compiled.budget, span),
      this.breached(standing, [THE_ONE_COUNTER]),
    ]);
    const amount = amounts && (amounts.get(THE_ONE_COUNTER) ?? 0n);
    const counter = { value: amount ?? 0n, limit: limits.limit, window: span };
    const projection = projectBudget(budget, counter, nowMs);
    return Object.assign(shown, show(standing, amount, breached.has(THE_ONE_COUNTER)), {
      unpriced_events: unpriced === null ? null : Number(unpriced),
      projected_value: projection && decimalFromUnits(projection.value, compiled.meter.unit),
      exhausted_at: timeText(projection?.exhaustedAtMs ?? Infinity),
    });
  }

  /**
   * One page of the counters, in the order of their keys.
   * @throws ApiError 503 when nobody can say what they are, 409 when the budget is set aside.
   */
  async list(budget: StoredBudget, query: ListCountersQueryDto): Promise<Page<BudgetCounterDto>> {
    const { limit = LIST_LIMIT, cursor, customer } = query;
    const after = cursor === undefined ? null : readCursor(cursor, isText);
    const standing = await this.standingOf(budget);
    if ('refused' in standing)
      throw new ApiError(409, 'set_aside', `the budget counts nothing: ${standing.refused}`);
    const { compiled, span } = standing;
    const keys = keysAsked(budget, customer);
    const isAsked = (key: string) => isOf(key, customer);
    // One more than the page has tells whether another page follows.
    const lowest = { after, keysMax: limit + 1, isAsked };
    const amounts =
      keys === null
        ? await this.counters.readLowest(compiled, span, lowest)
        : await this.counters.read(compiled, span, keys);
    if (amounts === null)
      throw unavailable(
        'counters_unavailable',
        'nobody can say what the counters hold: try again',
        2,
      );
    if (budget.per.length === 0 && customer === undefined && !amounts.has(THE_ONE_COUNTER))
      amounts.set(THE_ONE_COUNTER, 0n);
    const rest = [...amounts.keys()]
      .filter((key) => (after === null || key > after) && isAsked(key))
      .sort();
    const page = rest.slice(0, limit);
    const breached = await this.breached(standing, page);
    return {
      data: page.map((key) =>
        Object.assign(show(standing, amounts.get(key)!, breached.has(key)), {
          key: JSON.parse(key) as CounterKey,
        }),
      ),
      next_cursor: rest.length > limit ? writeCursor(page.at(-1)) : null,
    };
  }

  private async standingOf(stored: StoredBudget): Promise<Standing | RefusedWatch> {
    // Before the counters are read: what it says is in them.
    const asOf = await this.freshness.freshTo();
    const nowMs = this.clock.now();
    // A suspended budget raises nothing, and still stands somewhere.
    const compiled = compileIfSound(() =>
      compileBudget({
        ...stored,
        suspended: false,
        armed_at: stored.armed_at.toISOString(),
        created_at: stored.created_at.toISOString(),
        deleted_at: null,
      }),
    );
    if ('refused' in compiled) return compiled;
    const span = countedSpan(compiled, nowMs);
    return { compiled, limits: limitsOf(compiled, nowMs), span, asOf, nowMs };
  }

  /** Which counters were breached in their window. A rolling one forgets. */
  private async breached(
    { compiled: { budget }, span }: Standing,
    keys: readonly string[],
  ): Promise<Set<string>> {
    if (budget.window.kind === 'rolling') return new Set();
    const windowStart = Number.isFinite(span.endMs) ? new Date(span.startMs) : null;
    return this.engines.postgres((postgres) =>
      new AlertHistory(postgres).breached(budget.project, budget.id, keys, windowStart),
    );
  }
}

const NOTHING = {
  state: null,
  spent: null,
  remaining: null,
  window_start: null,
  window_end: null,
  as_of: null,
  unpriced_events: null,
  projected_value: null,
  exhausted_at: null,
};

/** All that is asked for, where that is one counter; null where it has to be looked for among all. */
function keysAsked({ per }: StoredBudget, customer: string | undefined): string[] | null {
  if (per.length === 0) return [THE_ONE_COUNTER];
  const isByCustomer = per.length === 1 && per[0] === 'customer';
  return isByCustomer && customer !== undefined ? [canonicalJson({ customer })] : null;
}

function isOf(key: string, customer: string | undefined): boolean {
  return customer === undefined || (JSON.parse(key) as CounterKey).customer === customer;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function show(
  { compiled, limits, span, asOf }: Standing,
  amount: bigint | null,
  wasBreached: boolean,
): CounterStandingDto {
  const hasEnd = Number.isFinite(span.endMs);
  const { unit } = compiled.meter;
  return {
    state: amount === null ? 'no_data' : counterState(amount, limits, wasBreached),
    spent: amount === null ? null : decimalFromUnits(amount, unit),
    remaining: amount === null ? null : decimalFromUnits(limits.limit - amount, unit),
    window_start: hasEnd ? timeText(span.startMs) : null,
    window_end: timeText(span.endMs),
    as_of: amount === null ? null : asOf,
  };
}

function timeText(epochMs: number): string | null {
  return Number.isFinite(epochMs) ? new Date(epochMs).toISOString() : null;
}
