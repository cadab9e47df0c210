import type { AlertRaised, Budget } from '#contracts';
import type { Adoption, CountAnswer, CountCall } from '#redis';
import type { TimeWindow } from '#windows';

/** Definitions of budgets, by their number of change, deleted ones included. */
export interface BudgetsPort {
  changedSince(change: bigint): Promise<Budget[]>;
}

/** Redis, as the protocol sees it. A call that rejects may have taken effect or not. */
export interface CountersPort {
  adopt(request: {
    project: string;
    partition: number;
    cluster: string;
    epoch: bigint;
    position: bigint;
    sequence: number;
  }): Promise<Adoption | null>;
  count(call: CountCall): Promise<CountAnswer>;
  marks(project: string): Promise<Map<number, string>>;
}

export interface PendingAlertsPort {
  read(project: string): Promise<string[]>;
  shorten(project: string, entries: string[]): Promise<number>;
}

/** Stored usage of one partition in a budget's scope. */
export interface BudgetSumsQuery {
  budget: Budget;
  partition: number;
  /** Positions of `cluster`, from inclusive, below exclusive. Without `from`, all of other clusters count as well. */
  cluster: string;
  from: bigint | null;
  below: bigint;
  windows: TimeWindow[];
}

export interface BudgetSum {
  windowStartMs: number;
  /** Canonical JSON of the counter key. */
  key: string;
  /** Pico-dollars of cost, else whole counts. */
  amount: bigint;
  lastEventTime: string;
}

export interface BudgetSumsPort {
  sums(query: BudgetSumsQuery): Promise<BudgetSum[]>;
}

/** Resolves once every alert is acknowledged by the log. */
export interface AlertsPort {
  raise(alerts: AlertRaised[]): Promise<void>;
}

export interface CountingPorts {
  budgets: BudgetsPort;
  counters: CountersPort;
  pending: PendingAlertsPort;
  sums: BudgetSumsPort;
  alerts: AlertsPort;
}

/** Injection token of `CountingPorts`. */
export const COUNTING_PORTS = Symbol('counting ports');
