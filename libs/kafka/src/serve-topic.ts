import { type INestApplication } from '@nestjs/common';
import { type MicroserviceOptions } from '@nestjs/microservices';
import { type Topic } from '#contracts';
import { LOGGER, type Logger, Readiness } from '#platform';
import { assertWiring } from './assert-wiring.js';
import { type BatchServerOptions, KafkaBatchServer } from './batch-server.js';
import { type KafkaConsumerSettings } from './kafka-settings.js';

export interface ServedTopic extends Pick<
  BatchServerOptions,
  'startAt' | 'onAssigned' | 'onRevoked'
> {
  /** The app's name, as the table of topics has it. */
  app: string;
  kafka: KafkaConsumerSettings;
  /** All its partitions are handled at the same time, and the handler commits. */
  reads: Topic;
  /** The name of the consumer's readiness check. */
  check: string;
}

/** Has a Nest app handle the records of one topic from its start on. Throws when the cluster is not as the table of topics has it. */
export async function serveTopic(nest: INestApplication, served: ServedTopic): Promise<void> {
  const { kafka, reads, check, ...options } = served;
  const logger = nest.get<Logger>(LOGGER);
  const { brokers, groupId } = kafka;
  await assertWiring({ app: served.app, brokers, logger });
  const server = new KafkaBatchServer({
    ...options,
    brokers,
    groupId,
    topics: [reads],
    logger,
    commit: 'by-handler',
    partitionsConsumedConcurrently: reads.partitions,
  });
  nest.connectMicroservice<MicroserviceOptions>({ strategy: server });
  nest.get(Readiness).register(check, () => server.unreadyReason());
}
