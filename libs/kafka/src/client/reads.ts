import { KafkajsAdminSession } from './kafkajs/admin-session.js';
import { KafkajsConsumerSession } from './kafkajs/consumer-session.js';
import { type ReadingClient } from './sessions.js';

/** The client in use. To try another one, implement the four sessions beside `kafkajs/` and open them here and in `writes.ts`. */
export const kafkaReads: ReadingClient = {
  openConsumer: (options, events) => new KafkajsConsumerSession(options, events),
  openAdmin: (options) => new KafkajsAdminSession(options),
};
