import { KafkajsProducerSession } from './kafkajs/producer-session.js';
import { KafkajsTopicSession } from './kafkajs/topic-session.js';
import { type WritingClient } from './sessions.js';

/** What changes the cluster, apart from what reads it: an app that only reads does not reach this. */
export const kafkaWrites: WritingClient = {
  openProducer: (options) => new KafkajsProducerSession(options),
  openTopics: (options) => new KafkajsTopicSession(options),
};
