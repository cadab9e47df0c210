import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '#contracts';
import type { RecordBatch } from '#kafka';
import { AggregatorPipeline } from './aggregator.pipeline.js';

@Controller()
export class AggregatorController {
  constructor(private readonly pipeline: AggregatorPipeline) {}

  @EventPattern(TOPICS.usagePriced.name)
  accept(@Payload() batch: RecordBatch): Promise<void> {
    return this.pipeline.accept(batch);
  }
}
