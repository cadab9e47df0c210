import { KafkajsAdminSession } from './kafkajs/admin-session.js';
import { KafkajsConsumerSession } from './kafkajs/consumer-session.js';
import { KafkajsProducerSession } from './kafkajs/producer-session.js';
import { type KafkaClient } from './sessions.js';

/** The client in use. To try another one, implement the three sessions beside `kafkajs/` and open them here. */
export const kafkaClient: KafkaClient = {
  openProducer: (options) => new KafkajsProducerSession(options),
  openConsumer: (options, events) => new KafkajsConsumerSession(options, events),
  openAdmin: (options) => new KafkajsAdminSession(options),
};
