import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock, LOGGER, type Logger, Repetition } from '#platform';
import type { Erasure } from '#postgres';
import { oldestErasureSeconds, openErasures } from '../console.metrics.js';
import { FreshnessService } from '../freshness/freshness.service.js';
import { ErasuresService } from './erasures.service.js';

const LOOK_EVERY_MS = 2_000;
const COUNT_EVERY_MS = 10_000;
/** The call that asked is kept too: by then what came of it is written, and can be emptied. */
const SETTLED_MS = 15_000;
/** One that waits for usage does not hold up more than it waits beside. */
const AT_ONCE_MAX = 100;

/** Moves what is to be erased on, a step each at a time. */
@Injectable()
export class ErasuresScheduler implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private looks?: Repetition;
  /** Apart from the looks, so that the age of one that holds them up is told. */
  private counts?: Repetition;

  constructor(
    private readonly erasures: ErasuresService,
    @Inject(FreshnessService) private readonly freshness: Pick<FreshnessService, 'freshTo'>,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.looks = new Repetition({
      work: (isStopped) => this.look(isStopped),
      firstMs: LOOK_EVERY_MS,
      everyMs: LOOK_EVERY_MS,
      failed: (err) =>
        this.logger.warn({ err }, 'what is to be erased waits; the next look goes on with it'),
    });
    this.counts = new Repetition({
      work: () => this.count(),
      firstMs: LOOK_EVERY_MS,
      everyMs: COUNT_EVERY_MS,
      failed: (err) =>
        this.logger.warn({ err }, 'erasures are not counted; the metrics say what was last known'),
    });
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.looks?.stop(), this.counts?.stop()]);
  }

  /** One step for each that is open and whose usage is stored. */
  async look(isStopped: () => boolean): Promise<void> {
    const open = await this.erasures.open(AT_ONCE_MAX);
    if (open.length === 0) return;
    const freshTo = await this.freshness.freshTo();
    if (freshTo === null) return;
    for (const erasure of open) {
      const requestedMs = erasure.requested_at.getTime();
      // Usage from before the request may still be on its way into the tables.
      if (Date.parse(freshTo) < requestedMs || this.clock.now() < requestedMs + SETTLED_MS)
        continue;
      if (isStopped()) return;
      await this.step(erasure);
    }
  }

  /** Tells how many wait, and for how long the oldest has. */
  async count(): Promise<void> {
    const { open, oldest } = await this.erasures.backlog();
    const ageMs = oldest === null ? 0 : Math.max(0, this.clock.now() - oldest.getTime());
    openErasures.set(open);
    oldestErasureSeconds.set(ageMs / 1_000);
  }

  /** One that fails holds up no other. */
  private async step(erasure: Erasure): Promise<void> {
    const { id } = erasure;
    try {
      if (await this.erasures.proceed(erasure)) this.logger.info({ erasure: id }, 'erased');
    } catch (error) {
      this.logger.warn({ err: error, erasure: id }, 'an erasure waits; the next look goes on');
    }
  }
}
