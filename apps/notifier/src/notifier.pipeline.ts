import { Inject, Injectable } from '@nestjs/common';
import type { AlertRaised } from '#contracts';
import type { RecordBatch } from '#kafka';
import { Clock, failpoint, LOGGER, type Logger } from '#platform';
import { type AttemptRecord, type DueDelivery, isPostgresOutage } from '#postgres';
import { AttemptSlots, type Slot } from './attempt-slots.js';
import type { Answer } from './channels/answer.js';
import { Sender } from './channels/sender.js';
import { NotifierMetrics } from './notifier.metrics.js';
import { NotifierSink } from './notifier.sink.js';
import { planNextAttempt } from './steps/plan-next-attempt.js';
import { readAlert } from './steps/read-alert.js';
import { takeTurns } from './steps/take-turns.js';
import { readRetryAfter } from './steps/read-retry-after.js';

/** Places that become free within this time are filled by one look. */
const GATHER_MS = 5;
/** With the most endpoints that a project may have, this many make 25,000 deliveries. */
const STATEMENT_ALERTS_MAX = 500;
/** Of one project, so that those behind it in the log wait for no more of it. */
const PROJECT_ALERTS_MAX = 50;

interface PlacedAlert {
  alert: AlertRaised;
  position: { topic: string; partition: number; offset: string };
}

/** Consume, record, hand over, commit; and apart from it: claim, attempt, write down. */
@Injectable()
export class NotifierPipeline {
  private readonly attempts = new Set<Promise<void>>();
  private moreMayWait = false;
  private resumeLooking: () => void = () => undefined;

  constructor(
    private readonly sink: NotifierSink,
    private readonly sender: Sender,
    private readonly slots: AttemptSlots,
    private readonly clock: Clock,
    private readonly metrics: NotifierMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Records a batch of alerts and begins their first attempts without waiting for them. Throws when PostgreSQL is away. */
  async accept(batch: RecordBatch): Promise<void> {
    failpoint('notifier.after_consume');
    const parts = takeTurns(this.readAlerts(batch), ({ alert }) => alert.project, {
      ofProject: PROJECT_ALERTS_MAX,
      together: STATEMENT_ALERTS_MAX,
    });
    for (const part of parts) {
      const recorded = await this.record(part);
      failpoint('notifier.after_record');
      await this.begin(recorded);
    }
    await this.sink.commit(batch);
  }

  /** Begins what is due, as far as there is room. Throws when PostgreSQL is away. */
  async deliverDue(): Promise<void> {
    const room = this.slots.room();
    if (room.healthy + room.troubled.total < 1) return;
    const due = await this.sink.claim(room, new Date(this.clock.now()));
    this.moreMayWait = due.length > 0;
    await this.begin(due);
  }

  /** Until it is worth looking for due deliveries: after `pollMs`, or when a place is free and more may wait. */
  async untilWork(pollMs: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, pollMs);
    this.resumeLooking = resolve;
    await promise;
    clearTimeout(timer);
    await this.clock.sleep(GATHER_MS);
  }

  /** Ends the present `untilWork`. */
  wake(): void {
    this.resumeLooking();
  }

  /** Until no attempt is in flight. */
  async drain(): Promise<void> {
    while (this.attempts.size > 0) await Promise.all(this.attempts);
  }

  /** Where PostgreSQL refuses the alerts, each goes by itself, so that the one it means holds up nobody. */
  private async record(read: readonly PlacedAlert[]): Promise<DueDelivery[]> {
    const now = new Date(this.clock.now());
    try {
      const alerts = read.map(({ alert }) => alert);
      return await this.sink.record(alerts, now);
    } catch (err) {
      if (isPostgresOutage(err)) throw err;
      const [only] = read;
      if (read.length > 1) return await this.recordSingly(read);
      this.metrics.alerts.inc({ state: 'unrecordable' });
      const { alert, position } = only!;
      this.logger.error({ ...position, alert: alert.id, err }, 'an alert cannot be recorded');
      return [];
    }
  }

  private async recordSingly(read: readonly PlacedAlert[]): Promise<DueDelivery[]> {
    const recorded: DueDelivery[] = [];
    for (const one of read) recorded.push(...(await this.record([one])));
    return recorded;
  }

  private readAlerts({ topic, partition, records }: RecordBatch): PlacedAlert[] {
    return records.flatMap(({ value, headers, offset }) => {
      const read = readAlert(value, headers);
      const position = { topic, partition, offset };
      if ('alert' in read) return [{ alert: read.alert, position }];
      this.metrics.alerts.inc({ state: 'unreadable' });
      this.logger.error({ ...position, reason: read.refused }, 'a record is not an alert');
      return [];
    });
  }

  /** What finds no place is given back: the delivery loop takes it up when there is one. */
  private async begin(deliveries: readonly DueDelivery[]): Promise<void> {
    const spare: DueDelivery[] = [];
    for (const delivery of deliveries) {
      const slot = this.slots.take(delivery.endpoint.id);
      if (slot === null) spare.push(delivery);
      else this.start(delivery, slot);
    }
    if (spare.length === 0) return;
    this.moreMayWait = true;
    await this.sink.release(spare);
  }

  private start(delivery: DueDelivery, slot: Slot): void {
    this.metrics.inFlight.set(this.slots.total);
    const attempt = this.attempt(delivery, slot).finally(() => {
      this.attempts.delete(attempt);
      this.metrics.inFlight.set(this.slots.total);
      if (this.moreMayWait) this.wake();
    });
    this.attempts.add(attempt);
  }

  private async attempt(delivery: DueDelivery, slot: Slot): Promise<void> {
    let succeeded = false;
    let notices: DueDelivery[] = [];
    try {
      const outcome = await this.send(delivery);
      succeeded = outcome.succeeded;
      notices = await this.sink.finish(delivery, outcome);
    } catch (err) {
      this.metrics.attemptsLost.inc();
      this.logger.error({ delivery: delivery.id, err }, 'the outcome of an attempt is not written');
    } finally {
      slot.free(succeeded);
    }
    await this.begin(notices).catch((err: unknown) =>
      this.logger.error({ err }, 'leases are not given back: they end by themselves'),
    );
  }

  private async send(delivery: DueDelivery): Promise<AttemptRecord> {
    const startedMs = this.clock.now();
    const timer = performance.now();
    if (delivery.attempts === 0) {
      const delayMs = startedMs - delivery.alert.raisedAt.getTime();
      this.metrics.firstAttemptDelaySeconds.observe(Math.max(0, delayMs) / 1_000);
    }
    failpoint('notifier.before_attempt');
    const answer = await this.sender.send(delivery, startedMs);
    failpoint('notifier.after_attempt');
    const durationMs = Math.round(performance.now() - timer);
    const outcome = answer.succeeded ? 'succeeded' : 'failed';
    this.metrics.attempts.inc({ channel: delivery.endpoint.channel, outcome });
    this.metrics.attemptSeconds.observe({ outcome }, durationMs / 1_000);
    const { succeeded, status, text } = answer;
    const record = { at: new Date(startedMs), succeeded, status, answer: text, durationMs };
    return { ...record, ...this.consequence(delivery, answer) };
  }

  private consequence(
    { attempts, attemptsBefore }: DueDelivery,
    { succeeded, status, retryAfter }: Answer,
  ): Pick<AttemptRecord, 'state' | 'nextAt'> {
    if (succeeded) return { state: 'delivered', nextAt: null };
    const nowMs = this.clock.now();
    const retryAfterMs = readRetryAfter(retryAfter, nowMs);
    const nextMs = planNextAttempt(attempts + 1 - attemptsBefore, {
      nowMs,
      retryAfterMs,
      random: Math.random(),
    });
    if (nextMs === null || status === 410) return { state: 'failed', nextAt: null };
    return { state: 'pending', nextAt: new Date(nextMs) };
  }
}
