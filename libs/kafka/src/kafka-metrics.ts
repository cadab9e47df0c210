import { Counter, Gauge, Histogram } from '#platform';

export const sendsTotal = new Counter({
  name: 'kafka_sends_total',
  help: 'Sends of envelopes by outcome: acknowledged, unknown, refused.',
  labelNames: ['topic', 'state'],
});

export const sendSeconds = new Histogram({
  name: 'kafka_send_seconds',
  help: 'Time from the call of a send to its outcome, seconds.',
  labelNames: ['topic'],
  buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
});

export const lagRecords = new Gauge({
  name: 'kafka_consumer_lag_records',
  help: 'Records between the position of this process and the end of the log.',
  labelNames: ['group', 'topic', 'partition'],
});

export const lastProgressSeconds = new Gauge({
  name: 'kafka_consumer_last_progress_timestamp_seconds',
  help: 'When the slowest partition last moved or had nothing left to read, seconds since the epoch.',
  labelNames: ['group'],
});

export const generationsTotal = new Counter({
  name: 'kafka_consumer_generations_total',
  help: 'Assignments received from the group.',
  labelNames: ['group'],
});

export const restartsTotal = new Counter({
  name: 'kafka_consumer_restarts_total',
  help: 'Consumers built anew after a crash or a stall.',
  labelNames: ['group'],
});

export const handlerFailuresTotal = new Counter({
  name: 'kafka_handler_failures_total',
  help: 'Batches that a handler threw on; each comes again.',
  labelNames: ['topic'],
});

export const lostPositionsTotal = new Counter({
  name: 'kafka_lost_positions_total',
  help: 'Offsets that were gone from the log before they were read. Anything but 0 is an alarm.',
  labelNames: ['topic', 'partition'],
});
