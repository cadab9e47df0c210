import { Injectable } from '@nestjs/common';
import { randomBase62 } from '#access';
import { canonicalJson } from '#contracts';
import { ApiError } from '#http';
import { Clock } from '#platform';
import { type BudgetChange, Budgets, type Postgres, type StoredBudget } from '#postgres';
import { BudgetWrites } from '#postgres/writes';
import type { Budget } from '#watches';
import { Engines } from '../engines/engines.js';
import { givenFields } from '../given-fields.js';
import { withinLimits } from '../limits/within-limits.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import { readMoment } from '../usage/moment.js';
import { plainAmount } from '../watches/amount-text.js';
import { readWindow } from './budget-window.dto.js';
import type { BudgetDto, BudgetRaiseDto, ChangeBudgetDto, CreateBudgetDto } from './budget.dto.js';
import { type BudgetTerms, checkBudget } from './check-budget.js';

/** Budgets of one project. Changes take effect within 2 s. Each answer is undefined where the project has no such budget. */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly engines: Engines,
    private readonly clock: Clock,
  ) {}

  /** @throws ApiError 400 for fields that do not go together, 409 at a limit of the project. */
  async create(postgres: Postgres, project: string, body: CreateBudgetDto): Promise<BudgetDto> {
    const budget = {
      id: `bud_${randomBase62(16)}`,
      project,
      name: body.name,
      on: body.on,
      scope: body.scope ?? {},
      per: body.per ?? [],
      limit: plainAmount(body.limit),
      window: readWindow(body.window),
      thresholds: plainThresholds(body.thresholds ?? []),
      hard: body.hard ?? false,
      projected: body.projected ?? false,
      suspended: body.suspended ?? false,
      raise: body.raise ? readRaise(body.raise) : null,
      renotify_seconds: body.renotify_seconds ?? null,
      armed_at: new Date(this.clock.now()).toISOString(),
    };
    this.refuseWrong(budget, body);
    const made = await withinLimits(
      postgres,
      project,
      ['budgets', 'counters_per_event'],
      (transaction) => new BudgetWrites(transaction).create(budget),
    );
    return showBudget(made);
  }

  find(project: string, id: string): Promise<StoredBudget | undefined> {
    return this.engines.postgres((postgres) => new Budgets(postgres).find(project, id));
  }

  list(project: string, query: ListQueryDto): Promise<Page<BudgetDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new Budgets(postgres).list(project, page), showBudget),
    );
  }

  /** @throws ApiError 400 for fields that do not go together. */
  async change(project: string, id: string, body: ChangeBudgetDto): Promise<BudgetDto | undefined> {
    const { limit, thresholds, raise, ...plain } = givenFields(body);
    const change: BudgetChange = {
      ...plain,
      ...(limit === undefined ? {} : { limit: plainAmount(limit) }),
      ...(thresholds === undefined ? {} : { thresholds: plainThresholds(thresholds) }),
      ...(raise === undefined ? {} : { raise: raise && readRaise(raise) }),
    };
    return shown(
      await this.engines.postgres((postgres) =>
        new BudgetWrites(postgres).change(project, id, (before) => {
          const after = { ...before, ...change };
          this.refuseWrong(after, body);
          return { ...change, ...armingOf(before, after, this.clock.now()) };
        }),
      ),
    );
  }

  /** Counts and alerts no more; its alerts stay. */
  async delete(project: string, id: string): Promise<BudgetDto | undefined> {
    return shown(
      await this.engines.postgres((postgres) => new BudgetWrites(postgres).delete(project, id)),
    );
  }

  private refuseWrong(terms: BudgetTerms, body: object): void {
    const given = new Set(Object.keys(givenFields(body)));
    const problem = checkBudget(terms, given, this.clock.now());
    if (problem === null) return;
    const message = `${problem.field} ${problem.message}`;
    throw new ApiError(400, 'invalid_request', message, [problem]);
  }
}

type StoredTerms = Pick<StoredBudget, 'limit' | 'thresholds' | 'suspended' | 'raise'>;

/**
 * Against another limit a counter may cross again what it has crossed. Not so against the same one with other thresholds,
 * whose names are part of their alerts, or when a raise lasts longer, or one that is over is taken away.
 */
function armingOf(before: StoredBudget, after: StoredTerms, nowMs: number): BudgetChange {
  const limitsOf = ({ limit, raise }: StoredTerms) => {
    const isOver = raise !== null && Date.parse(raise.until) <= nowMs;
    return canonicalJson({ limit, raised: raise === null || isOver ? null : raise.limit });
  };
  const thresholdsOf = ({ thresholds, suspended }: StoredTerms) =>
    canonicalJson({ thresholds, suspended });
  const armed_at = new Date(nowMs);
  if (limitsOf(before) !== limitsOf(after)) return { arming: before.arming + 3, armed_at };
  const over = after.raise === null ? before.raise : null;
  const isSame = thresholdsOf(before) === thresholdsOf(after);
  // The time behind the raise goes on under its number.
  if (over !== null) {
    const sinceMs = Math.max(before.armed_at.getTime(), Date.parse(over.until));
    return { arming: before.arming + 2, armed_at: isSame ? new Date(sinceMs) : armed_at };
  }
  return isSame ? {} : { armed_at };
}

function plainThresholds(thresholds: readonly string[]): string[] {
  const plain = thresholds.map((threshold) =>
    threshold.endsWith('%') ? `${plainAmount(threshold.slice(0, -1))}%` : plainAmount(threshold),
  );
  return [...new Set(plain)];
}

function readRaise({ limit, until }: BudgetRaiseDto): NonNullable<Budget['raise']> {
  return { limit: plainAmount(limit), until: new Date(readMoment(until)!).toISOString() };
}

function shown(budget: StoredBudget | undefined): BudgetDto | undefined {
  return budget && showBudget(budget);
}

export function showBudget(budget: StoredBudget): BudgetDto {
  const {
    project: _project,
    change: _change,
    arming: _arming,
    armed_at: _armedAt,
    created_at,
    ...fields
  } = budget;
  return { ...fields, created_at: created_at.toISOString() };
}
