import { randomBytes, randomUUID } from 'node:crypto';
import {
  partitionOf,
  RECORDED_SCHEMA,
  type RecordedEnvelope,
  TOPICS,
  type UsageEvent,
} from '#contracts';
import { EnvelopeProducer } from '#kafka/writes';
import { createLogger } from '#platform';

/** `stored`: those that `storeIdentities` has put into ClickHouse. */
export type IdKind = 'uuid4' | 'uuid7' | 'stored';

const EVENTS_PER_RECORD = 200;
const RECORDS_PER_SEND = 60;
const MODELS = [
  { provider: 'openai', model: 'gpt-4o' },
  { provider: 'openai', model: 'gpt-4o-mini' },
  { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  { provider: 'google', model: 'gemini-2.5-flash' },
] as const;

const ID_OF: Record<IdKind, (n: number, ms: number) => string> = {
  uuid4: () => randomUUID(),
  uuid7: (_, ms) => uuid7(ms),
  stored: (n) => `stored-${n}`,
};

/** A time-ordered id: 48 bits of milliseconds, then random bits. */
function uuid7(ms: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(ms, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-');
}

export interface RecordedLoad {
  events: number;
  kind: IdKind;
  project: string;
  customers: number;
}

function usageEvent(n: number, { kind, customers }: RecordedLoad): UsageEvent {
  const now = Date.now();
  return {
    id: ID_OF[kind](n, now),
    time: new Date(now - (n % 7_200_000)).toISOString(),
    customer: `customer-${n % customers}`,
    user: `user-${n % 1_000}`,
    ...MODELS[n % MODELS.length]!,
    usage: {
      input_tokens: 1_000 + (n % 3_000),
      cache_read_tokens: n % 900,
      output_tokens: 200 + (n % 700),
    },
    latency_ms: 400 + (n % 900),
  };
}

/** Writes events to `usage.recorded` as the door would, and resolves when the broker has them all. */
export async function recordEvents(kafkaBrokers: string, load: RecordedLoad): Promise<void> {
  const { events, project } = load;
  const producer = new EnvelopeProducer({
    app: 'ingest-api',
    brokers: [kafkaBrokers],
    ackTimeoutMs: 30_000,
    logger: createLogger('bench', 'silent'),
  });
  producer.start();
  const partitions = Array.from(
    { length: TOPICS.usageRecorded.partitions },
    (): UsageEvent[] => [],
  );
  let records: { partition: number; value: Buffer; headers: Record<string, string> }[] = [];
  const flush = async () => {
    const outcome = await producer.send({ topic: TOPICS.usageRecorded, records });
    if (outcome.state !== 'acknowledged') throw new Error(`not written: ${outcome.reason}`);
    records = [];
  };
  for (let n = 0; n < events; n++) {
    const event = usageEvent(n, load);
    const partition = partitionOf({ project, source: 'api', id: event.id });
    const share = partitions[partition]!;
    share.push(event);
    if (
      share.length < EVENTS_PER_RECORD &&
      n < events - TOPICS.usageRecorded.partitions * EVENTS_PER_RECORD
    )
      continue;
    records.push(recordOf(project, partition, share.splice(0)));
    if (records.length === RECORDS_PER_SEND) await flush();
  }
  for (const [partition, share] of partitions.entries())
    if (share.length > 0) records.push(recordOf(project, partition, share));
  if (records.length > 0) await flush();
  await producer.close();
}

function recordOf(project: string, partition: number, events: UsageEvent[]) {
  const envelope: RecordedEnvelope = {
    v: 1,
    batches: [
      {
        project,
        key: 'bench',
        request_id: 'bench',
        received_at: new Date().toISOString(),
        events,
      },
    ],
  };
  return {
    partition,
    value: Buffer.from(JSON.stringify(envelope)),
    headers: { schema: RECORDED_SCHEMA, 'batch-id': randomUUID(), count: String(events.length) },
  };
}
