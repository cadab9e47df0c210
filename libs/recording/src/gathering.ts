import { USAGE_PARTITIONS } from '#contracts';
import type { BatchText } from './batch-texts.js';
import { type RecordedRecord, recordedRecord } from './recorded-record.js';

export type GatheringOutcome = 'acknowledged' | 'unknown' | 'refused';

/** Bounds of one record: what pricing makes of it must fit below the broker's limit too. */
const RECORD_CHARACTERS_MAX = 512 * 1024;
const RECORD_EVENTS_MAX = 2_000;
/** Of one partition in one send. A character is at most 3 bytes, and a send's records of a partition are one batch to Kafka: below 8 MiB. */
const PARTITION_CHARACTERS_MAX = 2 * 1024 * 1024;

interface RecordText {
  partition: number;
  events: number;
  characters: number;
  batches: string[];
}

/** What is going to be one send: the batches of the requests that came while the one before was in flight. */
export class Gathering {
  characters = 0;
  events = 0;
  readonly done: Promise<GatheringOutcome>;
  readonly settle: (outcome: GatheringOutcome) => void;
  private readonly all: RecordText[] = [];
  private readonly open: (RecordText | undefined)[] = Array.from({ length: USAGE_PARTITIONS });
  private readonly perPartition: number[] = Array.from({ length: USAGE_PARTITIONS }, () => 0);

  constructor() {
    const { promise, resolve } = Promise.withResolvers<GatheringOutcome>();
    this.done = promise;
    this.settle = resolve;
  }

  /** False when the partition has its fill. */
  add({ partition, events, json }: BatchText): boolean {
    const filled = this.perPartition[partition]!;
    if (filled > 0 && filled + json.length > PARTITION_CHARACTERS_MAX) return false;
    this.perPartition[partition] = filled + json.length;
    this.characters += json.length;
    this.events += events;
    const record = this.open[partition];
    if (
      record !== undefined &&
      record.events + events <= RECORD_EVENTS_MAX &&
      record.characters + json.length <= RECORD_CHARACTERS_MAX
    ) {
      record.batches.push(json);
      record.events += events;
      record.characters += json.length;
      return true;
    }
    const fresh = { partition, events, characters: json.length, batches: [json] };
    this.open[partition] = fresh;
    this.all.push(fresh);
    return true;
  }

  records(batchId: string): RecordedRecord[] {
    return this.all.map((record) => recordedRecord(record, batchId));
  }
}
