import { type Topic } from '#contracts';
import { type Logger } from '#platform';
import { type SendOutcome } from './send-outcome.js';

export interface EnvelopeProducerOptions {
  /** The app's name, as the table of topics has it. */
  app: string;
  brokers: readonly string[];
  /** From the call of `send` to its outcome, at most. */
  ackTimeoutMs: number;
  logger: Logger;
}

export interface EnvelopeRecord {
  partition: number;
  value: Buffer;
  headers: Record<string, string>;
}

export interface EnvelopeSend {
  topic: Topic;
  records: readonly EnvelopeRecord[];
}

/** Writes envelopes durably. One send is in flight at a time; sends made meanwhile go together in the next. */
export class EnvelopeProducer {
  constructor(readonly options: EnvelopeProducerOptions) {}

  /** Begins to connect; does not wait for the brokers, and never gives up. */
  start(): void {
    throw new Error('not built yet');
  }

  /** Never throws; settles within `ackTimeoutMs`. */
  send(_send: EnvelopeSend): Promise<SendOutcome> {
    throw new Error('not built yet');
  }

  /** A readiness check: null while connected, else why not. */
  unreadyReason(): string | null {
    throw new Error('not built yet');
  }

  /** Waits for the sends made so far, then disconnects. */
  close(): Promise<void> {
    throw new Error('not built yet');
  }
}
