import { Injectable } from '@nestjs/common';
import { type PricedEnvelope } from '#contracts';
import type { KafkaRecord, RecordBatch } from '#kafka';
import { failpoint } from '#platform';
import { PriceBook } from '#rating';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { PricingWorkerSink, type PricedRecord } from './pricing-worker.sink.js';
import { SourceCluster } from './source-cluster.js';
import { priceRecord } from './steps/price-record.js';

/**
 * Consume, price, produce, commit. Sends of one partition follow one another: were a later one written and an earlier
 * one lost, its redelivery would come behind and be dropped as decided.
 */
@Injectable()
export class PricingWorkerPipeline {
  constructor(
    private readonly config: PricingWorkerConfig,
    private readonly book: PriceBook,
    private readonly source: SourceCluster,
    private readonly sink: PricingWorkerSink,
  ) {}

  /** Prices a batch. Throws only when a neighbour is away: then the batch comes again from its first unwritten record. */
  async price(batch: RecordBatch): Promise<void> {
    failpoint('pricing.after_consume');
    const cluster = await this.source.idIn(batch.generation);
    let send: PricedRecord[] = [];
    let bytes = 0;
    for (const record of batch.records) {
      const priced = this.priceRecord(record, batch.partition, cluster);
      if (send.length > 0 && bytes + priced.value.length > this.config.sendBytesMax) {
        await this.sink.produce(batch, send);
        send = [];
        bytes = 0;
      }
      send.push(priced);
      bytes += priced.value.length;
    }
    failpoint('pricing.after_price');
    await this.sink.produce(batch, send);
    failpoint('pricing.after_produce');
    await this.sink.commit(batch);
    failpoint('pricing.after_commit');
  }

  private priceRecord(record: KafkaRecord, partition: number, cluster: string): PricedRecord {
    const origin = {
      cluster,
      partition,
      offset: record.offset,
      appended_at: new Date(record.timestampMs).toISOString(),
    };
    const envelope: PricedEnvelope = priceRecord(record, origin, (request) =>
      this.book.rateUsage(request),
    );
    return {
      offset: record.offset,
      appendedAtMs: record.timestampMs,
      items: envelope.items,
      value: Buffer.from(JSON.stringify(envelope)),
    };
  }
}
