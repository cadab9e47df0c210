import type { Clock } from '#platform';
import type { RollupAudit } from './rollup-audit.js';
import { daysDue } from './steps/days-due.js';

const DAY_MS = 86_400_000;
/** Usage of today has its time here. */
const RECENT_DAYS = [-1, 0, 1];

/** When which day is audited: the recent ones at each look, every other stored day once a week. */
export class AuditRounds {
  private isAuditing = false;
  private doneToMs: number;

  constructor(
    private readonly ports: { everyMs: number; storedDays: () => Promise<string[]> },
    private readonly audit: RollupAudit,
    private readonly clock: Clock,
  ) {
    // What came due while one process followed another.
    this.doneToMs = clock.now() - ports.everyMs;
  }

  /** Audits what is due, unless the look before is still at it. What an outage cuts off is due again. */
  async auditDue(): Promise<void> {
    if (this.isAuditing) return;
    this.isAuditing = true;
    try {
      const nowMs = this.clock.now();
      const recent = RECENT_DAYS.map((days) =>
        new Date(nowMs + days * DAY_MS).toISOString().slice(0, 10),
      );
      await this.audit.audit(recent);
      const older = (await this.ports.storedDays()).filter((day) => !recent.includes(day));
      await this.audit.audit(daysDue(older, this.doneToMs, nowMs));
      this.doneToMs = nowMs;
    } finally {
      this.isAuditing = false;
    }
  }
}
