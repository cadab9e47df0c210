import { type Logger, withDeadline } from '#platform';
import { kafkaWrites } from './client/writes.js';
import { type ProducerSession, type WritingClient } from './client/sessions.js';
import { sendSeconds, sendsTotal } from './kafka-metrics.js';
import {
  baseOffsetsOf,
  type EnvelopeSend,
  type PendingSend,
  refusalOf,
  takeFlight,
} from './pending-sends.js';
import { encodeRecord } from './record-encoding.js';
import { type SendOutcome } from './send-outcome.js';
import { SessionKeeper } from './session-keeper.js';

export interface EnvelopeProducerOptions {
  /** The app's name, as the table of topics has it. */
  app: string;
  brokers: readonly string[];
  /** From the call of `send` to its outcome, at most. */
  ackTimeoutMs: number;
  logger: Logger;
}

/** Writes envelopes durably. One send is in flight at a time; sends made meanwhile go together in the next, in order. */
export class EnvelopeProducer {
  private readonly sessions: SessionKeeper;
  private readonly waiting: PendingSend[] = [];
  private flying: Promise<void> | null = null;
  private closing = false;

  constructor(
    private readonly options: EnvelopeProducerOptions,
    client: WritingClient = kafkaWrites,
  ) {
    this.sessions = new SessionKeeper(() => client.openProducer(options), options.logger);
  }

  /** Begins to connect; does not wait for the brokers, and never gives up. */
  start(): void {
    this.sessions.start();
  }

  /** Never throws; settles within `ackTimeoutMs`. At once while the brokers are known to be away. */
  async send({ topic, records }: EnvelopeSend): Promise<SendOutcome> {
    const startedAt = performance.now();
    const outcome = await this.outcomeOf({ topic, records });
    sendsTotal.inc({ topic: topic.name, state: outcome.state });
    sendSeconds.observe({ topic: topic.name }, (performance.now() - startedAt) / 1_000);
    return outcome;
  }

  /** A readiness check: null while connected, else why not. */
  unreadyReason(): string | null {
    return this.sessions.unreadyReason();
  }

  /** Waits for the sends made so far, then disconnects. */
  async close(): Promise<void> {
    this.closing = true;
    await this.flying;
    await this.sessions.close();
  }

  private outcomeOf({ topic, records }: EnvelopeSend): SendOutcome | Promise<SendOutcome> {
    if (this.closing) return { state: 'refused', reason: 'the producer is closing' };
    const refusal = refusalOf(this.options.app, { topic, records });
    if (refusal !== null) return { state: 'refused', reason: refusal };
    if (records.length === 0) return { state: 'acknowledged', offsets: [] };
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const deadlineAt = performance.now() + this.options.ackTimeoutMs;
    this.waiting.push({ topic, records, deadlineAt, settle: resolve });
    this.flying ??= this.flyWhileWaiting();
    return promise;
  }

  private async flyWhileWaiting(): Promise<void> {
    for (let next = this.waiting[0]; next !== undefined; next = this.waiting[0]) {
      const session = await this.sessions.session(next.deadlineAt);
      if (session !== null) {
        await this.fly(session, takeFlight(this.waiting));
        continue;
      }
      const reason = `Kafka is away: ${this.sessions.unreadyReason()}`;
      for (const send of this.waiting.splice(0)) send.settle({ state: 'refused', reason });
    }
    this.flying = null;
  }

  private async fly(session: ProducerSession, flight: readonly PendingSend[]): Promise<void> {
    const [first] = flight;
    if (first === undefined) return;
    try {
      const records = flight.flatMap((send) =>
        send.records.map((record) => ({ partition: record.partition, ...encodeRecord(record) })),
      );
      const answer = await withDeadline(
        () => session.produce(first.topic.name, records),
        first.deadlineAt - performance.now(),
        'acknowledgement: no answer',
      );
      const offsets = baseOffsetsOf(flight, answer);
      if (offsets === null) throw new Error('the answer does not cover every partition');
      flight.forEach((send, at) => {
        send.settle({ state: 'acknowledged', offsets: offsets[at] ?? [] });
      });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.options.logger.warn({ topic: first.topic.name, reason }, 'unknown outcome of a send');
      this.sessions.replace(session, reason);
      for (const send of flight) send.settle({ state: 'unknown', reason });
    }
  }
}
