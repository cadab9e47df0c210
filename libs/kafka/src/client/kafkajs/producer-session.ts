import { type Message, type Producer, type RecordMetadata } from 'kafkajs';
import { type Logger } from '#platform';
import { createKafkaClient, type KafkaClient } from './kafkajs-client.js';
import { type EnvelopeRecord } from '../../pending-sends.js';
import { encodeRecord } from '../../record-encoding.js';

const RETRY_FIRST_MS = 50;
const RETRY_MS_MAX = 400;

export interface ProducerSessionOptions {
  app: string;
  brokers: readonly string[];
  ackTimeoutMs: number;
  logger: Logger;
}

/**
 * One producer id's life, from its connection to its first failure. After a failure nobody knows which sequence
 * numbers the brokers have seen, and kafkajs never asks for a new id: so the session is discarded with its connections.
 */
export class ProducerSession {
  private readonly client: KafkaClient;
  private readonly producer: Producer;

  constructor(private readonly options: ProducerSessionOptions) {
    this.client = createKafkaClient({
      app: options.app,
      brokers: options.brokers,
      logger: options.logger,
      requestTimeoutMs: options.ackTimeoutMs,
      // A connection that fails is soon given up: the next session tries again.
      retry: { initialRetryTime: RETRY_FIRST_MS, maxRetryTime: RETRY_MS_MAX, retries: 2 },
    });
    this.producer = this.client.kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      allowAutoTopicCreation: false,
      createPartitioner: () => explicitPartition,
      // Enough to outlast a change of leader within the bound; once discarded, each retry fails at the missing socket.
      retry: { retries: 3 + Math.ceil(options.ackTimeoutMs / RETRY_MS_MAX) },
    });
  }

  /** Throws when the brokers do not give a producer id. */
  connect(): Promise<void> {
    return this.producer.connect();
  }

  /** Call it again only after it has settled: two sends at once can be given the same sequence numbers. */
  produce(topic: string, records: EnvelopeRecord[]): Promise<RecordMetadata[]> {
    return this.producer.send({
      topic,
      messages: records.map((record) => ({ partition: record.partition, ...encodeRecord(record) })),
      acks: -1,
      timeout: this.options.ackTimeoutMs,
    });
  }

  /** Nothing of this session is written any more, but for what the kernel already holds. */
  discard(reason: string): void {
    this.client.cut(reason);
    this.producer.disconnect().catch(() => undefined);
  }
}

/** Without an explicit partition kafkajs chooses one, and another one when it repeats. */
function explicitPartition({ message }: { message: Message }): number {
  if (message.partition === undefined) throw new Error('a record without a partition');
  return message.partition;
}
