import { Inject, Injectable } from '@nestjs/common';
import { BudgetIndex, compileBudget, type CompiledBudget } from '#watches';
import { COUNTING_PORTS, type CountingPorts } from './counting.ports.js';

/** A change may be committed behind one with a higher number: the last ones are read again. */
const CHANGES_AGAIN = 100n;

/** The budgets of every project as PostgreSQL had them at the last refresh. */
@Injectable()
export class WatchBook {
  private readonly budgets = new Map<string, Map<string, CompiledBudget>>();
  private readonly indexes = new Map<string, BudgetIndex>();
  private readonly seen = new Map<string, bigint>();
  private change = 0n;

  constructor(@Inject(COUNTING_PORTS) private readonly ports: CountingPorts) {}

  /** Takes up what changed since the last time. */
  async refresh(): Promise<void> {
    for (const budget of await this.ports.budgets.changedSince(this.change - CHANGES_AGAIN)) {
      if (budget.change > this.change) this.change = budget.change;
      if (this.seen.get(budget.id) === budget.change) continue;
      this.seen.set(budget.id, budget.change);
      const ofProject = this.budgets.get(budget.project) ?? new Map<string, CompiledBudget>();
      this.budgets.set(budget.project, ofProject);
      if (budget.deleted_at === null) ofProject.set(budget.id, compileBudget(budget));
      else ofProject.delete(budget.id);
      this.indexes.delete(budget.project);
    }
  }

  /** Null for a project without budgets. */
  of(project: string): BudgetIndex | null {
    const budgets = this.budgets.get(project);
    if (!budgets || budgets.size === 0) return null;
    const index = this.indexes.get(project) ?? new BudgetIndex(budgets.values());
    this.indexes.set(project, index);
    return index;
  }

  /** Every project that has budgets. */
  projects(): string[] {
    return [...this.budgets].filter(([, { size }]) => size > 0).map(([project]) => project);
  }
}
