import type { AlertRaised } from '#contracts';
import { failpoint } from '#platform';
import type { FoundMark, JudgedDays } from '#postgres';

/** The marked days in PostgreSQL; and the log, by way of whoever raises alerts. */
export interface AnomaliesWritePorts {
  marks: {
    /** Answers how many marks are new. */
    replace(judged: JudgedDays, found: readonly FoundMark[]): Promise<number>;
    markRaised(ids: readonly string[]): Promise<void>;
  };
  alerts: { raise(alerts: readonly AlertRaised[]): Promise<void> };
}

/** The only place of this room that writes. A crash between any two of the writes loses no alert and says none under another id. */
export class AnomaliesSink {
  constructor(private readonly ports: AnomaliesWritePorts) {}

  /** 1. The marks of what was judged, each with the alert that it owes, as it will always be. Answers how many are new. */
  async mark(judged: JudgedDays, found: readonly FoundMark[]): Promise<number> {
    const news = await this.ports.marks.replace(judged, found);
    failpoint('aggregator.after_anomaly_marks');
    return news;
  }

  /** 2. The alerts that are owed, on the log: again under the same ids when it is not known that it has them. */
  async raise(alerts: readonly AlertRaised[]): Promise<void> {
    await this.ports.alerts.raise(alerts);
    failpoint('aggregator.after_anomaly_raise');
  }

  /** 3. That they are owed no more, once the log has acknowledged them. */
  async markRaised(alerts: readonly AlertRaised[]): Promise<void> {
    await this.ports.marks.markRaised(alerts.map(({ id }) => id));
  }
}
