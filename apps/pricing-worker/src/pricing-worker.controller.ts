import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '#contracts';
import type { RecordBatch } from '#kafka';
import { PricingWorkerPipeline } from './pricing-worker.pipeline.js';

@Controller()
export class PricingWorkerController {
  constructor(private readonly pipeline: PricingWorkerPipeline) {}

  @EventPattern(TOPICS.usageRecorded.name)
  price(@Payload() batch: RecordBatch): Promise<void> {
    return this.pipeline.price(batch);
  }
}
