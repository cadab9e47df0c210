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
import { type BatchText, type Flight, Recorder, type RecordOutcome } from '#recording';
import { IngestApiConfig } from './ingest-api.config.js';
import {
  flightEvents,
  flightsFailed,
  flightSeconds,
  waitingCharacters,
} from './ingest-api.metrics.js';

/**
 * The one place that writes. Requests that come while a send is in flight go together in the next:
 * 1. one send to `usage.recorded`, `acks=all`. Acknowledged: every event of every gathered request is durable.
 * A failure means that nobody knows: each of the requests is answered 503, and its caller repeats it with the same ids.
 */
@Injectable()
export class IngestApiSink implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly recorder: Recorder;

  constructor(
    @Inject(EnvelopeProducer)
    private readonly producer: Pick<EnvelopeProducer, 'start' | 'send' | 'close'>,
    @Inject(IngestApiConfig)
    { waitingCharactersMax }: Pick<IngestApiConfig, 'waitingCharactersMax'>,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.recorder = new Recorder({
      send: (flight) => this.send(flight),
      waitingCharactersMax,
      onWaiting: (characters) => waitingCharacters.set(characters),
      logger,
    });
  }

  onApplicationBootstrap(): void {
    this.producer.start();
  }

  /** After the HTTP server has answered what it had taken. */
  async onApplicationShutdown(): Promise<void> {
    await this.producer.close();
  }

  /** Settles within 1.8 s. */
  record(batches: readonly BatchText[]): Promise<RecordOutcome> {
    return this.recorder.record(batches);
  }

  private async send({ records, events }: Flight): Promise<SendOutcome> {
    const endTimer = flightSeconds.startTimer();
    flightEvents.observe(events);
    failpoint('ingest.before_send');
    const outcome = await this.producer.send({ topic: TOPICS.usageRecorded, records });
    failpoint('ingest.after_send');
    endTimer();
    if (outcome.state !== 'acknowledged') flightsFailed.inc({ state: outcome.state });
    return outcome;
  }
}
