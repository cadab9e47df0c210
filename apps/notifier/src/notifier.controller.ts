import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '#contracts';
import type { RecordBatch } from '#kafka';
import { NotifierPipeline } from './notifier.pipeline.js';

@Controller()
export class NotifierController {
  constructor(private readonly pipeline: NotifierPipeline) {}

  @EventPattern(TOPICS.alertsRaised.name)
  accept(@Payload() batch: RecordBatch): Promise<void> {
    return this.pipeline.accept(batch);
  }
}
