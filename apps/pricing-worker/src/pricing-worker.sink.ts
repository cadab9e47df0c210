import { Inject, Injectable } from '@nestjs/common';
import { PRICED_SCHEMA, type PricedItem, TOPICS } from '#contracts';
import type { RecordBatch } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { LOGGER, type Logger } from '#platform';
import { PricingWorkerMetrics } from './pricing-worker.metrics.js';

export interface PricedRecord {
  /** Of the recorded record that it was made from. */
  offset: string;
  appendedAtMs: number;
  items: readonly PricedItem[];
  value: Buffer;
}

/** The only place that writes: first the priced records, then how far they reach. */
@Injectable()
export class PricingWorkerSink {
  constructor(
    private readonly producer: EnvelopeProducer,
    private readonly metrics: PricingWorkerMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * 1. Priced records, to the partition number that they came from, in one append: all of them or none.
   * Acknowledged, they are on every in-sync replica, and this process goes on behind them. An unknown outcome may write
   * them twice; the aggregator drops a position that it has decided.
   * @throws when they are not acknowledged.
   */
  async produce(batch: RecordBatch, records: readonly PricedRecord[]): Promise<void> {
    const last = records.at(-1);
    if (!last) return;
    const outcome = await this.producer.send({
      topic: TOPICS.usagePriced,
      records: records.map(({ value, items }) => ({
        partition: batch.partition,
        value,
        headers: { schema: PRICED_SCHEMA, count: String(items.length) },
      })),
    });
    if (outcome.state !== 'acknowledged') {
      this.metrics.failedSends.inc({ state: outcome.state });
      const { partition } = batch;
      this.logger.error(
        { partition, from: records[0]?.offset, ...outcome },
        'priced records not written',
      );
      throw new Error(`priced records were not acknowledged: ${outcome.reason}`);
    }
    batch.resolve(last.offset);
    await batch.heartbeat();
    this.observe(records);
  }

  /**
   * 2. The group's offset, behind what is acknowledged: where a restart goes on. Lost or late, it costs a redelivery,
   * never a record.
   */
  async commit(batch: RecordBatch): Promise<void> {
    const last = batch.records.at(-1);
    if (last) await batch.commit((BigInt(last.offset) + 1n).toString());
  }

  private observe(records: readonly PricedRecord[]): void {
    const nowMs = Date.now();
    this.metrics.records.inc(records.length);
    for (const { items, appendedAtMs } of records) {
      this.metrics.countItems(items);
      this.metrics.delaySeconds.observe(Math.max(0, nowMs - appendedAtMs) / 1_000);
    }
  }
}
