import { Injectable } from '@nestjs/common';
import { type PricedItem } from '#contracts';
import { Counter, Histogram } from '#platform';

/** Every metric that this stage emits. */
@Injectable()
export class PricingWorkerMetrics {
  private readonly items = new Counter({
    name: 'pricing_items_total',
    help: 'Items written, by outcome (priced, free, unpriced, quarantined) and reason. A redelivery counts again',
    labelNames: ['outcome', 'reason'],
  });
  readonly records = new Counter({
    name: 'pricing_records_total',
    help: 'Records written to usage.priced',
  });
  readonly failedSends = new Counter({
    name: 'pricing_failed_sends_total',
    help: 'Sends without an acknowledgement, by state (refused, unknown); each is repeated',
    labelNames: ['state'],
  });
  readonly delaySeconds = new Histogram({
    name: 'pricing_delay_seconds',
    help: "From the broker's append of a recorded record to the acknowledgement of its priced one, in seconds",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600],
  });

  countItems(items: readonly PricedItem[]): void {
    for (const item of items) {
      if (item.outcome === 'quarantined') {
        this.items.inc({ outcome: 'quarantined', reason: item.reason });
      } else {
        const { cost } = item;
        this.items.inc({
          outcome: cost.state,
          reason: cost.state === 'unpriced' ? cost.reason : '',
        });
      }
    }
  }
}
