import type { OpenBreach } from '#postgres';
import type { CounterSum } from '#redis';

/** The alerts that were recorded, as far as they are breaches that go on: see `OpenBreaches`. */
export interface BreachesPort {
  ended(ends: { after: Date; to: Date; limit: number }): Promise<OpenBreach[]>;
  ofFormerLimits(now: Date): Promise<OpenBreach[]>;
  lasting(watches: readonly string[], now: Date): Promise<OpenBreach[]>;
}

/** The counters of one window of a budget, by canonical JSON of their keys; those that hold nothing are missing. */
export interface CounterSumsPort {
  /** `keys` null asks for all. Null while some partition has not brought its usage: then sums are no statement. */
  read(
    window: { project: string; definition: string; windowStarts: [startMs: number] },
    keys: readonly string[] | null,
  ): Promise<ReadonlyMap<string, CounterSum> | null>;
}

/** Lets one process at a time do a job; false when another is at it. */
export interface JobLockPort {
  holding(work: () => Promise<void>): Promise<boolean>;
}

/** What counts have raised and the log is not known to have, as Redis lists it. */
export interface PendingAlertsPort {
  read(project: string): Promise<string[]>;
}

/** What the notifier has recorded of what was raised. */
export interface RecordedAlertsPort {
  has(id: string): Promise<boolean>;
}

export interface AlertingPorts {
  pending: PendingAlertsPort;
  recorded: RecordedAlertsPort;
  breaches: BreachesPort;
  counters: CounterSumsPort;
  breachesLock: JobLockPort;
  projectionsLock: JobLockPort;
}

/** Injection token of `AlertingPorts`. */
export const ALERTING_PORTS = Symbol('alerting ports');
