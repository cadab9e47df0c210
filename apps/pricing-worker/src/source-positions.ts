import { Inject, Injectable } from '@nestjs/common';
import { TOPICS } from '#contracts';
import { ClusterView, type PartitionEnds, type RecordBatch } from '#kafka';
import { LOGGER, type Logger } from '#platform';
import { PricingWorkerConfig } from './pricing-worker.config.js';
import { PricingWorkerMetrics } from './pricing-worker.metrics.js';
import { continueFrom } from './steps/continue-from.js';

interface Position {
  generation: number;
  /** The log's own id: a rebuilt cluster begins a new series of positions. */
  cluster: string;
  /** The offset of the next record that has not been priced. */
  due: string;
}

/** What the cluster says when a generation begins. */
interface Beginning {
  cluster: string;
  committed: Map<number, string>;
  ends: PartitionEnds[];
}

/** How far each owned partition of `usage.recorded` has been priced. A record that is gone unread raises an alarm. */
@Injectable()
export class SourcePositions {
  private readonly positions = new Map<number, Position>();
  private latest: { generation: number; beginning: Promise<Beginning> } | null = null;

  constructor(
    private readonly view: ClusterView,
    private readonly config: PricingWorkerConfig,
    private readonly metrics: PricingWorkerMetrics,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * The offset at which a newly assigned partition goes on: the group's, or the earliest when there is none.
   * @throws when the cluster does not answer.
   */
  async begin(partition: number, generation: number): Promise<string> {
    const { cluster, committed, ends } = await this.beginningOf(generation);
    const held = ends.find((end) => end.partition === partition);
    if (!held) throw new Error(`${TOPICS.usageRecorded.name} has no partition ${partition}`);
    const due = committed.get(partition);
    const { from, lostRecords } = continueFrom(due, held);
    this.raiseAlarm(partition, due ?? 'none', held, lostRecords);
    this.positions.set(partition, { generation, cluster, due: from });
    return from;
  }

  /**
   * The id of the cluster that a batch comes from when it goes on where the last one ended; null when it is not to be
   * priced: it belongs to a former assignment, or it left out records that are there, which are asked for again.
   * @throws when the cluster does not answer, or the assignment was never begun.
   */
  async clusterOf(batch: RecordBatch): Promise<string | null> {
    const { partition, generation } = batch;
    const position = this.positions.get(partition);
    const came = batch.records[0]?.offset;
    if (came === undefined || !batch.isCurrent()) return null;
    if (position?.generation !== generation)
      throw new Error(`partition ${partition} was never begun in generation ${generation}`);
    if (BigInt(came) <= BigInt(position.due)) return position.cluster;
    const ends = await this.view.topicEnds(TOPICS.usageRecorded.name);
    const held = ends.find((end) => end.partition === partition);
    if (!held || BigInt(position.due) >= BigInt(held.low)) {
      batch.seek(position.due);
      return null;
    }
    this.raiseAlarm(partition, position.due, held, BigInt(came) - BigInt(position.due));
    return position.cluster;
  }

  /** Everything of this partition below `due` is priced and written. */
  advance({ partition, generation }: RecordBatch, due: string): void {
    const position = this.positions.get(partition);
    if (position?.generation === generation) position.due = due;
  }

  private beginningOf(generation: number): Promise<Beginning> {
    if (this.latest?.generation === generation) return this.latest.beginning;
    const topic = TOPICS.usageRecorded.name;
    const beginning = Promise.all([
      this.view.clusterId(),
      this.view.committedOffsets(this.config.kafkaGroupId, topic),
      this.view.topicEnds(topic),
    ]).then(([cluster, committed, ends]) => ({ cluster, committed, ends }));
    this.latest = { generation, beginning };
    beginning.catch(() => {
      if (this.latest?.beginning === beginning) this.latest = null;
    });
    return beginning;
  }

  private raiseAlarm(
    partition: number,
    due: string,
    held: { low: string; high: string },
    lostRecords: bigint,
  ): void {
    if (lostRecords === 0n) return;
    this.metrics.lostRecords.inc({ partition }, Number(lostRecords));
    this.logger.error(
      { partition, due, low: held.low, high: held.high, lostRecords: lostRecords.toString() },
      'records are gone from the log before they were priced',
    );
  }
}
