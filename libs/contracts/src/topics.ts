import { ALERT_RAISED_SCHEMA } from './alerts/alert-raised.js';
import { PRICED_SCHEMA } from './priced-envelope.js';
import { RECORDED_SCHEMA } from './recorded-envelope.js';

/** One number for both topics of usage and for ever: an id's partition, hence its one writer, follows from it. */
export const USAGE_PARTITIONS = 12;

const DAY_MS = 86_400_000;

export interface Topic {
  name: string;
  schema: string;
  partitions: number;
  retentionMs: number;
  messageBytesMax: number;
  writers: readonly string[];
  readers: readonly string[];
}

/**
 * The table of topics. Only the named apps may write or read a topic; a start refuses anything else.
 * Usage is kept longer than the 35 days that an event may be late.
 */
export const TOPICS = {
  usageRecorded: {
    name: 'usage.recorded',
    schema: RECORDED_SCHEMA,
    partitions: USAGE_PARTITIONS,
    retentionMs: 40 * DAY_MS,
    messageBytesMax: 8 * 1024 * 1024,
    writers: ['ingest-api', 'console'],
    readers: ['pricing-worker'],
  },
  usagePriced: {
    name: 'usage.priced',
    schema: PRICED_SCHEMA,
    partitions: USAGE_PARTITIONS,
    retentionMs: 40 * DAY_MS,
    messageBytesMax: 8 * 1024 * 1024,
    writers: ['pricing-worker'],
    readers: ['aggregator'],
  },
  alertsRaised: {
    name: 'alerts.raised',
    schema: ALERT_RAISED_SCHEMA,
    partitions: 12,
    retentionMs: 40 * DAY_MS,
    messageBytesMax: 1024 * 1024,
    writers: ['aggregator'],
    readers: ['notifier'],
  },
} as const satisfies Record<string, Topic>;
