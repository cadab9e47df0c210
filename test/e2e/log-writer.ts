import { RECORDED_SCHEMA, TOPICS } from '#contracts';
import { EnvelopeProducer } from '#kafka/writes';
import { createLogger } from '#platform';
import type { Platform } from '../../dev/platform/platform.js';

/** Writes into `usage.recorded` past the door, what the door would never write included. */
export class LogWriter {
  private readonly producer: EnvelopeProducer;

  constructor(platform: Platform) {
    const brokers = platform.surroundings.engines.kafkaBrokers.split(',');
    const logger = createLogger('test', 'fatal');
    this.producer = new EnvelopeProducer({
      app: 'ingest-api',
      brokers,
      ackTimeoutMs: 10_000,
      logger,
    });
    this.producer.start();
  }

  /** Writes one record with these bytes. Throws when it is not acknowledged. */
  async write(partition: number, value: string): Promise<void> {
    const headers = { schema: RECORDED_SCHEMA, 'batch-id': 'test', count: '1' };
    const record = { partition, value: Buffer.from(value), headers };
    const outcome = await this.producer.send({ topic: TOPICS.usageRecorded, records: [record] });
    if (outcome.state !== 'acknowledged') throw new Error(`the record is ${outcome.state}`);
  }

  /** Writes one event of a project. */
  writeEvent(project: string, partition: number, event: object): Promise<void> {
    const head = { project, key: 'test', request_id: 'req_test' };
    const batch = { ...head, received_at: new Date().toISOString(), events: [event] };
    return this.write(partition, JSON.stringify({ v: 1, batches: [batch] }));
  }

  close(): Promise<void> {
    return this.producer.close();
  }
}
