import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { LOGGER, type Logger, Readiness } from '#platform';
import { NotifierConfig } from './notifier.config.js';
import { NotifierPipeline } from './notifier.pipeline.js';

const REST_MS = 1_000;

/** Looks for due deliveries: retries, what was sent again by hand, and what a killed notifier left behind. */
@Injectable()
export class NotifierScheduler implements OnApplicationBootstrap {
  private running = true;
  private trouble: string | null = null;
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly config: NotifierConfig,
    private readonly pipeline: NotifierPipeline,
    readiness: Readiness,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    readiness.register('delivery_loop', () => this.trouble);
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  /** Begins nothing more and waits for the attempts in flight: each ends within its time limit. */
  async stop(): Promise<void> {
    this.running = false;
    this.pipeline.wake();
    await this.loop;
    await this.pipeline.drain();
  }

  private async run(): Promise<void> {
    while (this.running) {
      const waitMs = await this.look();
      if (this.running) await this.pipeline.untilWork(waitMs);
    }
  }

  private async look(): Promise<number> {
    try {
      await this.pipeline.deliverDue();
      this.trouble = null;
      return this.config.pollEveryMs;
    } catch (err) {
      if (this.trouble === null) this.logger.error({ err }, 'due deliveries cannot be looked for');
      this.trouble = 'PostgreSQL does not answer the delivery loop';
      return REST_MS;
    }
  }
}
