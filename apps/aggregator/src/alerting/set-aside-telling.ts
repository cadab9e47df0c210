import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger } from '#platform';
import { WatchBook } from '#watch-book';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { alertOfSetAside } from './alert-of-set-aside.js';
import { RaisedOnce } from './raised-once.js';

/** Tells of watches that cannot be computed: nobody else misses what they do not count. */
@Injectable()
export class SetAsideTelling {
  constructor(
    private readonly once: RaisedOnce,
    private readonly book: WatchBook,
    private readonly clock: Clock,
    @Inject(AggregatorMetrics) private readonly metrics: Pick<AggregatorMetrics, 'watchesSetAside'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** A throw is an outage; the next look covers it. */
  async look(): Promise<void> {
    const { setAside } = this.book;
    this.metrics.watchesSetAside.set(setAside.length);
    const alerts = setAside.map((one) => ({ one, alert: alertOfSetAside(one, this.clock.now()) }));
    const news = alerts.filter(({ alert }) => !this.once.has(alert.id));
    for (const { one } of news)
      this.logger.error(
        { project: one.watch.project, watch: one.watch.id, reason: one.reason },
        'a watch cannot be computed and counts nothing; its project goes on',
      );
    await this.once.raise(news.map(({ alert }) => alert));
  }
}
