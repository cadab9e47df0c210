import type { UsageSum, UsageSumAsked } from '#clickhouse';
import type { AlertRaised, Budget } from '#contracts';
import type { Adoption, CountAnswer, CountCall } from '#redis';

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

/** Stored usage, one list of sums for each that is asked for, in their order. */
export interface UsageSumsPort {
  sums(asked: readonly UsageSumAsked[]): Promise<UsageSum[][]>;
}

/** Resolves once every alert is acknowledged by the log. */
export interface AlertsPort {
  raise(alerts: AlertRaised[]): Promise<void>;
}

export interface CountingPorts {
  budgets: BudgetsPort;
  counters: CountersPort;
  pending: PendingAlertsPort;
  sums: UsageSumsPort;
  alerts: AlertsPort;
}

/** Injection token of `CountingPorts`. */
export const COUNTING_PORTS = Symbol('counting ports');
