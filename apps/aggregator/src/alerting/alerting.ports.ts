import type { OpenBreach } from '#postgres';
import type { CounterReading } from '#redis';

/** The alerts that were recorded, as far as they are breaches that go on: see `OpenBreaches`. */
export interface BreachesPort {
  ended(ends: { after: Date; to: Date; limit: number }): Promise<OpenBreach[]>;
  ofFormerLimits(now: Date): Promise<OpenBreach[]>;
  lasting(watches: readonly string[], now: Date): Promise<OpenBreach[]>;
}

interface CounterWindow {
  project: string;
  definition: string;
  windowStartMs: number;
}

/** The counters of one window of a budget. */
export interface CounterReadingPort {
  read(window: CounterWindow): Promise<CounterReading>;
  /** One of them, by the canonical JSON of its key; null when it is not there. */
  readOne(counter: CounterWindow & { counter: string }): Promise<bigint | null>;
}

/** Lets one process at a time do a job; false when another is at it. */
export interface JobLockPort {
  holding(work: () => Promise<void>): Promise<boolean>;
}

export interface AlertingPorts {
  breaches: BreachesPort;
  counters: CounterReadingPort;
  breachesLock: JobLockPort;
  projectionsLock: JobLockPort;
}

/** Injection token of `AlertingPorts`. */
export const ALERTING_PORTS = Symbol('alerting ports');
