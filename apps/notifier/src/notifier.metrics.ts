import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram } from '#platform';

/** Every metric that this stage emits. */
@Injectable()
export class NotifierMetrics {
  readonly alerts = new Counter({
    name: 'notifier_alerts_total',
    help: 'Alerts consumed, by what became of them: recorded, repeated, unreadable, unrecordable (an alarm at any value above 0 of the last two)',
    labelNames: ['state'],
  });
  readonly attempts = new Counter({
    name: 'notifier_attempts_total',
    help: 'Attempts, by channel and outcome: succeeded, failed',
    labelNames: ['channel', 'outcome'],
  });
  readonly attemptSeconds = new Histogram({
    name: 'notifier_attempt_seconds',
    help: 'Duration of an attempt, in seconds, by outcome',
    labelNames: ['outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  });
  readonly firstAttemptDelaySeconds = new Histogram({
    name: 'notifier_first_attempt_delay_seconds',
    help: 'From the raising of an alert to the start of its first attempt, in seconds',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 60],
  });
  readonly inFlight = new Gauge({
    name: 'notifier_attempts_in_flight',
    help: 'Attempts in flight',
  });
  readonly attemptsLost = new Counter({
    name: 'notifier_lost_attempts_total',
    help: 'Attempts whose outcome could not be written: each is made again',
  });
  readonly removed = new Counter({
    name: 'notifier_removed_rows_total',
    help: 'Rows removed because they were kept long enough, by table',
    labelNames: ['table'],
  });
  readonly endpointsDisabled = new Counter({
    name: 'notifier_disabled_endpoints_total',
    help: 'Endpoints disabled, by reason: gone, failing',
    labelNames: ['reason'],
  });
}
