import type { KafkaRecord, RecordBatch } from '#kafka';
import type { Actor, World } from './world.js';

export const TOPIC = 'usage.priced';

/** The log of `usage.priced` and the group that reads it. */
export class FakeKafka {
  readonly log: KafkaRecord[][];
  generation = 0;
  /** Partition to the member that the group says owns it. */
  assignment: Actor[] = [];

  constructor(
    private readonly world: World,
    partitions: number,
  ) {
    this.log = Array.from({ length: partitions }, () => []);
  }

  append(partition: number, value: object): void {
    const records = this.log[partition]!;
    records.push({
      offset: String(records.length),
      timestampMs: this.world.timeMs,
      headers: {},
      value: Buffer.from(JSON.stringify(value)),
    });
  }

  /** Gives every partition to some member. Members learn of it when they next look: until then they are late. */
  rebalance(members: Actor[]): void {
    this.generation += 1;
    this.assignment = this.log.map(() => this.world.pick(members));
  }

  partitionsOf(member: Actor): number[] {
    return this.assignment.flatMap((owner, partition) => (owner === member ? [partition] : []));
  }
}

/** Where one member reads one partition, within one generation. */
export class Fetching {
  paused = false;

  constructor(
    private readonly kafka: FakeKafka,
    private readonly world: World,
    readonly partition: number,
    readonly generation: number,
    private readonly knownGeneration: () => number,
    public position: number,
  ) {}

  /** The next few records, or null when there is nothing to deliver. */
  batch(): RecordBatch | null {
    const records = this.kafka.log[this.partition]!.slice(
      this.position,
      this.position + 1 + this.world.below(5),
    );
    if (this.paused || records.length === 0) return null;
    const isCurrent = () => this.generation === this.knownGeneration();
    return {
      topic: TOPIC,
      partition: this.partition,
      generation: this.generation,
      highWatermark: String(this.kafka.log[this.partition]!.length),
      records,
      isCurrent,
      heartbeat: () => Promise.resolve(),
      resolve: (offset) => {
        if (isCurrent()) this.position = Math.max(this.position, Number(offset) + 1);
      },
      seek: (offset) => {
        if (isCurrent()) this.position = Number(offset);
      },
      pause: () => {
        this.paused = true;
        return () => {
          this.paused = false;
        };
      },
      commit: () => Promise.resolve(),
    };
  }
}
