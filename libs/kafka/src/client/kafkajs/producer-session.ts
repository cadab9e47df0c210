import { type Message, type Producer } from 'kafkajs';
import { type EnvelopeRecord } from '../../pending-sends.js';
import { type BaseOffset } from '../../send-outcome.js';
import { type ProducerSession, type ProducerSessionOptions } from '../sessions.js';
import { createKafkajsClient, type KafkajsClient } from './kafkajs-client.js';

const RETRY_FIRST_MS = 50;
const RETRY_MS_MAX = 400;

/**
 * After a failure nobody knows which sequence numbers the brokers have seen, and kafkajs never asks for a new producer id:
 * so the session is discarded with its connections. Two sends at once can be given the same sequence numbers.
 */
export class KafkajsProducerSession implements ProducerSession {
  private readonly client: KafkajsClient;
  private readonly producer: Producer;

  constructor(private readonly options: ProducerSessionOptions) {
    this.client = createKafkajsClient({
      ...options,
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

  connect(): Promise<void> {
    return this.producer.connect();
  }

  async produce(topic: string, records: readonly EnvelopeRecord[]): Promise<BaseOffset[]> {
    const answer = await this.producer.send({
      topic,
      messages: [...records],
      acks: -1,
      timeout: this.options.ackTimeoutMs,
    });
    return answer.flatMap(({ partition, errorCode, baseOffset }) =>
      errorCode === 0 && baseOffset !== undefined ? [{ partition, baseOffset }] : [],
    );
  }

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
