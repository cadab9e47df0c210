import { readFile } from 'node:fs/promises';
import { Module, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { ClusterView } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { LOGGER, type Logger, Readiness } from '#platform';
import { createPriceBook, PriceBook, type PriceOverrides } from '#rating';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { PricingWorkerController } from './pricing-worker.controller.js';
import { PricingWorkerMetrics } from './pricing-worker.metrics.js';
import { PricingWorkerPipeline } from './pricing-worker.pipeline.js';
import { PricingWorkerSink } from './pricing-worker.sink.js';
import { SourceCluster } from './source-cluster.js';

export const APP = 'pricing-worker';

async function loadPriceBook({ priceOverrides }: PricingWorkerConfig): Promise<PriceBook> {
  if (priceOverrides === undefined) return createPriceBook();
  try {
    const overrides = JSON.parse(await readFile(priceOverrides, 'utf8')) as PriceOverrides;
    return await createPriceBook(overrides);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`PRICE_OVERRIDES: ${priceOverrides}: ${reason}`, { cause: error });
  }
}

@Module({
  controllers: [PricingWorkerController],
  providers: [
    PricingWorkerMetrics,
    PricingWorkerPipeline,
    PricingWorkerSink,
    SourceCluster,
    { provide: PriceBook, inject: [PricingWorkerConfig], useFactory: loadPriceBook },
    {
      provide: EnvelopeProducer,
      inject: [PricingWorkerConfig, LOGGER],
      useFactory: ({ kafka, ackTimeoutMs }: PricingWorkerConfig, logger: Logger) =>
        new EnvelopeProducer({ app: APP, brokers: kafka.brokers, ackTimeoutMs, logger }),
    },
    {
      provide: ClusterView,
      inject: [PricingWorkerConfig, LOGGER],
      useFactory: ({ kafka }: PricingWorkerConfig, logger: Logger) =>
        new ClusterView({ app: APP, brokers: kafka.brokers, logger }),
    },
  ],
})
export class PricingWorkerModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    private readonly producer: EnvelopeProducer,
    private readonly view: ClusterView,
    private readonly readiness: Readiness,
  ) {}

  onModuleInit(): void {
    this.producer.start();
    this.readiness.register('kafka_producer', () => this.producer.unreadyReason());
  }

  /** Runs after the batch server has drained: nothing sends any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
    await this.view.close();
  }
}
