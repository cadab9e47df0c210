import type { DailyUsageQuery, SubjectUsage } from '#clickhouse';
import type { AlertRaised, AnomalySettings } from '#contracts';

/** What looking for anomalies needs of its neighbours. */
export interface AnomalyPorts {
  /** Every living project with what holds for it. */
  projects(): Promise<{ project: string; settings: AnomalySettings }[]>;
  usage(query: DailyUsageQuery): AsyncIterable<SubjectUsage[]>;
  /** The moment up to which every acknowledged event is stored, in milliseconds since the epoch; null while unknown. */
  completeTo(): Promise<number | null>;
  /** Alerts that some marks still owe, the oldest first. */
  unraised(limit: number): Promise<AlertRaised[]>;
  /** Lets one process at a time look for anomalies; false, without running `work`, while another one does. */
  lock: { holding(work: () => Promise<void>): Promise<boolean> };
}

/** Injection token of `AnomalyPorts`. */
export const ANOMALY_PORTS = Symbol('anomaly ports');
