import { Counter, Gauge, Histogram } from '#platform';

const items = new Counter({
  name: 'ingest_api_items_total',
  help: 'Items of requests by what became of them',
  labelNames: ['outcome'] as const,
});

export const itemsAccepted = items.labels('accepted');
export const itemsDuplicate = items.labels('duplicate');
export const itemsRefused = items.labels('refused');

export const requestsLimited = new Counter({
  name: 'ingest_api_limited_requests_total',
  help: 'Requests refused with 429, by what was used up: requests, events, bytes, or the pace of a project that keeps others waiting',
  labelNames: ['limit'] as const,
});

export const waitingCharacters = new Gauge({
  name: 'ingest_api_waiting_characters',
  help: 'Characters of events that wait for the acknowledgement of Kafka',
});

export const flightEvents = new Histogram({
  name: 'ingest_api_flight_events',
  help: 'Events that went to Kafka in one send',
  buckets: [1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000],
});

export const flightSeconds = new Histogram({
  name: 'ingest_api_flight_seconds',
  help: 'Seconds from a send to its outcome',
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2],
});

export const flightsFailed = new Counter({
  name: 'ingest_api_flights_failed_total',
  help: 'Sends that were not acknowledged, by state',
  labelNames: ['state'] as const,
});
