import { randomBytes } from 'node:crypto';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { TOPICS } from '#contracts';
import type { SendOutcome } from '#kafka';
import { EnvelopeProducer } from '#kafka/writes';
import { failpoint, LOGGER, type Logger } from '#platform';
import { type BatchText, Gathering, type GatheringOutcome } from './gathering.js';
import { IngestApiConfig } from './ingest-api.config.js';
import {
  flightEvents,
  flightsFailed,
  flightSeconds,
  waitingCharacters,
} from './ingest-api.metrics.js';

/** Every request is answered within 2 s of the brokers' silence. */
const WAIT_MS_MAX = 1_800;

export type RecordOutcome = GatheringOutcome | 'overloaded';

/**
 * The one place that writes. Requests that come while a send is in flight are gathered and go together in the next:
 * 1. one send to `usage.recorded`, `acks=all`. Acknowledged: every event of every gathered request is durable.
 * A failure means that nobody knows: each of the requests is answered 503, and its caller repeats it with the same ids.
 */
@Injectable()
export class IngestApiSink implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly queue: Gathering[] = [];
  private readonly processId = randomBytes(6).toString('hex');
  private characters = 0;
  private flights = 0;
  private flying = false;
  private failing = false;

  constructor(
    @Inject(EnvelopeProducer)
    private readonly producer: Pick<EnvelopeProducer, 'start' | 'send' | 'close'>,
    @Inject(IngestApiConfig)
    private readonly config: Pick<IngestApiConfig, 'waitingCharactersMax'>,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.producer.start();
  }

  /** After the HTTP server has answered what it had taken. */
  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
  }

  /** Settles within 1.8 s. */
  async record(batches: readonly BatchText[]): Promise<RecordOutcome> {
    let characters = 0;
    for (const { json } of batches) characters += json.length;
    if (this.characters + characters > this.config.waitingCharactersMax) return 'overloaded';
    const gatherings: Gathering[] = [];
    for (const batch of batches) {
      const gathering = this.gather(batch);
      if (gathering !== gatherings.at(-1)) gatherings.push(gathering);
    }
    this.fly();
    let worst: RecordOutcome = 'acknowledged';
    for (const { done } of gatherings) {
      const outcome = await done;
      if (outcome !== 'acknowledged') worst = outcome;
    }
    return worst;
  }

  private gather(batch: BatchText): Gathering {
    this.characters += batch.json.length;
    const last = this.queue.at(-1);
    if (last?.add(batch)) return last;
    const fresh = new Gathering();
    fresh.add(batch);
    this.queue.push(fresh);
    setTimeout(() => this.giveUp(fresh), WAIT_MS_MAX).unref();
    return fresh;
  }

  /** Still waiting: it will not be sent. In flight: nobody knows. */
  private giveUp(gathering: Gathering): void {
    const place = this.queue.indexOf(gathering);
    if (place === -1) return gathering.settle('unknown');
    this.queue.splice(place, 1);
    this.forget(gathering);
    gathering.settle('refused');
  }

  private fly(): void {
    if (this.flying) return;
    this.flying = true;
    // What else the sockets hold at this moment joins the first send.
    setImmediate(() => void this.flyWhileGathered());
  }

  private async flyWhileGathered(): Promise<void> {
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      next.settle((await this.send(next)).state);
      this.forget(next);
    }
    this.flying = false;
  }

  private async send(gathering: Gathering): Promise<SendOutcome> {
    this.flights += 1;
    const records = gathering.records(`${this.processId}-${this.flights}`);
    const endTimer = flightSeconds.startTimer();
    flightEvents.observe(gathering.events);
    waitingCharacters.set(this.characters);
    failpoint('ingest.before_send');
    const outcome = await this.producer.send({ topic: TOPICS.usageRecorded, records });
    failpoint('ingest.after_send');
    endTimer();
    if (outcome.state !== 'acknowledged') flightsFailed.inc({ state: outcome.state });
    this.logTurn(outcome);
    return outcome;
  }

  /** Says when sends begin to fail and when they succeed again, not each failure between. */
  private logTurn(outcome: SendOutcome): void {
    const failing = outcome.state !== 'acknowledged';
    if (failing === this.failing) return;
    this.failing = failing;
    if (failing) this.logger.warn({ reason: outcome.reason }, 'sends to Kafka fail');
    else this.logger.info('sends to Kafka are acknowledged again');
  }

  private forget(gathering: Gathering): void {
    this.characters -= gathering.characters;
    waitingCharacters.set(this.characters);
  }
}
