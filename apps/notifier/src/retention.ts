import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import type { AlertPosition } from '#postgres';
import { NotifierConfig } from './notifier.config.js';
import { NotifierSink } from './notifier.sink.js';

const DAY_MS = 86_400_000;
const ROWS_AT_ONCE = 500;
/** Between two slices, so that the deliveries of the moment find the database free. */
const REST_MS = 50;

/**
 * The end of what has been kept long enough: deliveries first, then the alerts that nothing rests on any more, and those
 * that could never be raised.
 */
@Injectable()
export class Retention {
  constructor(
    @Inject(NotifierConfig)
    private readonly config: Pick<NotifierConfig, 'alertsKeptDays' | 'deliveriesKeptDays'>,
    @Inject(NotifierSink)
    private readonly sink: Pick<
      NotifierSink,
      'removeDeliveries' | 'removeAlerts' | 'removeSetAside'
    >,
    private readonly clock: Clock,
  ) {}

  /** Once over everything that is old enough, in slices, until `isStopped`. Two notifiers at it do no harm. */
  async sweep(isStopped: () => boolean): Promise<void> {
    const { alertsKeptDays, deliveriesKeptDays } = this.config;
    const limit = ROWS_AT_ONCE;
    const deliveriesBefore = this.daysAgo(deliveriesKeptDays);
    const removeDeliveries = () => this.sink.removeDeliveries({ before: deliveriesBefore, limit });
    while (!isStopped() && (await removeDeliveries()) === limit) await this.clock.sleep(REST_MS);
    const before = this.daysAgo(alertsKeptDays);
    const removeSetAside = () => this.sink.removeSetAside({ before, limit });
    while (!isStopped() && (await removeSetAside()) === limit) await this.clock.sleep(REST_MS);
    let after: AlertPosition | null = null;
    do {
      if (isStopped()) return;
      ({ next: after } = await this.sink.removeAlerts({ before, after, limit }));
      await this.clock.sleep(REST_MS);
    } while (after !== null);
  }

  private daysAgo(days: number): Date {
    return new Date(this.clock.now() - days * DAY_MS);
  }
}
