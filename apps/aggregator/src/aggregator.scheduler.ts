import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Clock, LOGGER, type Logger } from '#platform';
import { AggregatorConfig } from './aggregator.config.js';
import { AggregatorMetrics } from './aggregator.metrics.js';
import { isStoreOutage } from './alerting/is-store-outage.js';
import { EndedProjects } from './counting/ended-projects.js';
import { Seeding } from './counting/seeding/seeding.js';
import { UsageCounting } from './counting/usage-counting.js';
import { Pacing } from './pacing/pacing.js';
import { AuditRounds } from './storing/audit-rounds.js';
import { PayloadEnding } from './storing/payload-ending.js';
import { PlanStoring } from './storing/plan-storing.js';

const STORE_POLL_MS = 25;
const STORE_RETRY_MS = 500;
/** A change of a budget takes effect within 2 s. */
const WATCH_EVERY_MS = 500;
/** A new budget holds what is stored within 2 s. */
const SEED_POLL_MS = 100;
const PACE_EVERY_MS = 500;
/** A day of payloads is as much as the server rewrites at once. */
const END_PAYLOADS_EVERY_MS = 600_000;

/** The clocks of this stage: storing about every second, looking for who keeps others waiting, comparing rollups with raw rows every few minutes, ending payloads. */
@Injectable()
export class AggregatorScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private stopped = false;
  private storing: Promise<void> = Promise.resolve();
  private watching: Promise<void> = Promise.resolve();
  private seeding: Promise<void> = Promise.resolve();
  private paces: Promise<void> = Promise.resolve();
  private auditTimer?: NodeJS.Timeout;
  private payloadsTimer?: NodeJS.Timeout;

  constructor(
    private readonly config: AggregatorConfig,
    private readonly counting: UsageCounting,
    private readonly ended: EndedProjects,
    private readonly seeds: Seeding,
    private readonly plans: PlanStoring,
    private readonly audits: AuditRounds,
    private readonly payloads: PayloadEnding,
    private readonly pacing: Pacing,
    private readonly clock: Clock,
    private readonly metrics: AggregatorMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.storing = this.storeForEver();
    this.watching = this.watchForEver();
    this.seeding = this.seedForEver();
    this.paces = this.paceForEver();
    this.auditTimer = setInterval(() => void this.auditDue(), this.config.auditEveryMs);
    this.payloadsTimer = setInterval(() => void this.endPayloads(), END_PAYLOADS_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearInterval(this.auditTimer);
    clearInterval(this.payloadsTimer);
    await Promise.all([this.storing, this.watching, this.seeding, this.paces]);
  }

  private async storeForEver(): Promise<void> {
    while (!this.stopped) {
      let pauseMs = STORE_POLL_MS;
      try {
        await this.plans.storeDue();
      } catch (error) {
        this.logger.error({ err: error }, 'storing failed; the plan stands and is tried again');
        this.pacing.interrupted();
        pauseMs = STORE_RETRY_MS;
      }
      const { rows, bytes } = this.plans.waiting;
      this.metrics.waitingRows.set(rows);
      this.metrics.waitingBytes.set(bytes);
      await this.clock.sleep(pauseMs);
    }
  }

  private async watchForEver(): Promise<void> {
    while (!this.stopped) {
      // What keeps one of them from its end must not keep the other from its beginning.
      for (const work of [() => this.counting.watch(), () => this.counting.followAll()]) {
        await work().catch((error: unknown) => {
          this.logger.warn({ err: error }, 'counting is behind; it goes on when Redis answers');
          if (isStoreOutage(error)) this.pacing.interrupted();
        });
      }
      this.ended.letGo();
      await this.clock.sleep(WATCH_EVERY_MS);
    }
  }

  private async seedForEver(): Promise<void> {
    while (!this.stopped) {
      // What fails is told and tried again there, a project at a time.
      if (!(await this.seeds.seed())) await this.clock.sleep(SEED_POLL_MS);
    }
  }

  private async paceForEver(): Promise<void> {
    while (!this.stopped) {
      await this.pacing.look().catch((error: unknown) => {
        this.logger.warn({ err: error }, 'nobody is slowed down until Redis answers');
      });
      await this.clock.sleep(PACE_EVERY_MS);
    }
  }

  private async endPayloads(): Promise<void> {
    await this.payloads.endOldestDay().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'payloads are kept longer than they are to be');
    });
  }

  private async auditDue(): Promise<void> {
    await this.audits.auditDue().catch((error: unknown) => {
      this.logger.warn({ err: error }, 'an audit failed; the next one covers it');
    });
  }
}
