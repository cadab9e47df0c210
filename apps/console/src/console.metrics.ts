import { Counter, Gauge, Histogram } from '#platform';

export const requestSeconds = new Histogram({
  name: 'console_request_seconds',
  help: 'Seconds from a request to its answer, by route and status',
  labelNames: ['method', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
});

export const outages = new Counter({
  name: 'console_outages_total',
  help: 'Questions that a database did not answer, by engine (clickhouse, postgres, redis)',
  labelNames: ['engine'],
});

export const usageRows = new Histogram({
  name: 'console_usage_rows',
  help: 'Rows of one answer about usage',
  buckets: [1, 10, 100, 1_000, 10_000],
});

export const replays = new Counter({
  name: 'console_replays_total',
  help: 'Wishes to put a quarantined item back on its way, by outcome (sent, refused, failed)',
  labelNames: ['outcome'],
});

export const removedCalls = new Counter({
  name: 'console_removed_managing_calls_total',
  help: 'Managing calls that were kept long enough and are gone',
});

export const openErasures = new Gauge({
  name: 'console_open_erasures',
  help: 'Erasures of all projects that are not done: they wait, or are under way',
});

export const oldestErasureSeconds = new Gauge({
  name: 'console_oldest_erasure_seconds',
  help: 'Seconds since the oldest of them was asked for; 0 when there is none',
});
