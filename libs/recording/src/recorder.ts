import { randomBytes } from 'node:crypto';
import type { Logger } from '#platform';
import type { BatchText } from './batch-texts.js';
import { Gathering, type GatheringOutcome } from './gathering.js';
import type { RecordedRecord } from './recorded-record.js';

/** Every request has its outcome within 2 s of the brokers' silence. */
const WAIT_MS_MAX = 1_800;

/** What goes in one send. */
export interface Flight {
  records: RecordedRecord[];
  events: number;
}

/**
 * `acknowledged`: every in-sync replica has every record.
 * `unknown`: nobody knows whether they are in the log. `refused`: none of them is or will be.
 */
export type FlightOutcome =
  { state: 'acknowledged' } | { state: 'unknown' | 'refused'; reason: string };

export type RecordOutcome = GatheringOutcome | 'overloaded';

export interface RecorderOptions {
  /** Writes to `usage.recorded`, `acks=all`. Never throws. One at a time. */
  send: (flight: Flight) => Promise<FlightOutcome>;
  /** What may wait for acknowledgement at once. */
  waitingCharactersMax: number;
  /** Told whenever a send leaves or is settled. */
  onWaiting: (characters: number) => void;
  logger: Logger;
}

/**
 * Records batches durably. Those that come while a send is in flight are gathered and go together in the next.
 * A failure means that nobody knows: whoever asked says so to its caller, who repeats it with the same ids.
 */
export class Recorder {
  private readonly queue: Gathering[] = [];
  private readonly processId = randomBytes(6).toString('hex');
  private characters = 0;
  private flights = 0;
  private flying = false;
  private failing = false;

  constructor(private readonly options: RecorderOptions) {}

  /** Settles within 1.8 s. */
  async record(batches: readonly BatchText[]): Promise<RecordOutcome> {
    let characters = 0;
    for (const { json } of batches) characters += json.length;
    if (this.characters + characters > this.options.waitingCharactersMax) return 'overloaded';
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

  private async send(gathering: Gathering): Promise<FlightOutcome> {
    this.flights += 1;
    const records = gathering.records(`${this.processId}-${this.flights}`);
    this.options.onWaiting(this.characters);
    const outcome = await this.options.send({ records, events: gathering.events });
    this.logTurn(outcome);
    return outcome;
  }

  /** Says when sends begin to fail and when they succeed again, not each failure between. */
  private logTurn(outcome: FlightOutcome): void {
    const failing = outcome.state !== 'acknowledged';
    if (failing === this.failing) return;
    this.failing = failing;
    if (failing) this.options.logger.warn({ reason: outcome.reason }, 'sends to Kafka fail');
    else this.options.logger.info('sends to Kafka are acknowledged again');
  }

  private forget(gathering: Gathering): void {
    this.characters -= gathering.characters;
    this.options.onWaiting(this.characters);
  }
}
