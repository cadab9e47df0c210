import { setTimeout } from 'node:timers/promises';
import { type Logger } from '#platform';
import { type PartitionEnds } from './client/sessions.js';
import { type ClusterView } from './cluster-view.js';
import { lostPositionsTotal } from './kafka-metrics.js';
import { type PartitionClaim } from './partition-claim.js';
import { type TopicPartition } from './record-batch.js';

export interface StartingPositionOptions {
  groupId: string;
  view: ClusterView;
  logger: Logger;
  startAt?(partition: TopicPartition, generation: number): Promise<string | null>;
}

const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MS_MAX = 2_000;

/**
 * Holds a claim until its position is known and lies inside the log, then seeks there. Tries for as long as the claim is open.
 * Records that are gone from the log are an alarm, and reading goes on behind the hole. A log that ends before the
 * position has lost acknowledged records: its next ones would carry offsets that are already done, so nothing is read.
 */
export async function takePosition(
  claim: PartitionClaim,
  options: StartingPositionOptions,
): Promise<void> {
  const release = claim.hold();
  for (let backOffMs = BACK_OFF_FIRST_MS; claim.isOpen; backOffMs *= 2) {
    try {
      const ends = await endsOf(claim.partition, options.view);
      const wanted = claim.position ?? (await startOf(claim, options)) ?? BigInt(ends.low);
      if (!claim.isOpen) return;
      claim.seek(insideLog(wanted, ends, claim.partition, options.logger));
      claim.sawHighWatermark(BigInt(ends.high));
      release();
      return;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      options.logger.warn({ ...claim.partition, reason }, 'the position is not known yet');
      await setTimeout(Math.min(backOffMs, BACK_OFF_MS_MAX));
    }
  }
}

async function endsOf({ topic, partition }: TopicPartition, view: ClusterView) {
  const ends = (await view.topicEnds(topic)).find((end) => end.partition === partition);
  if (ends === undefined) throw new Error(`${topic} has no partition ${partition}`);
  return ends;
}

async function startOf(
  { partition, generation }: PartitionClaim,
  { groupId, view, startAt }: StartingPositionOptions,
): Promise<bigint | null> {
  const owners = await startAt?.(partition, generation);
  if (owners !== undefined && owners !== null) return BigInt(owners);
  const committed = (await view.committedOffsets(groupId, partition.topic)).get(
    partition.partition,
  );
  return committed === undefined ? null : BigInt(committed);
}

function insideLog(
  wanted: bigint,
  { low, high }: PartitionEnds,
  partition: TopicPartition,
  logger: Logger,
): bigint {
  if (wanted > BigInt(high)) {
    throw new Error(`the log ends at ${high}, before the position ${wanted}: records are missing`);
  }
  if (wanted >= BigInt(low)) return wanted;
  const lost = BigInt(low) - wanted;
  const labels = { topic: partition.topic, partition: String(partition.partition) };
  lostPositionsTotal.inc(labels, Number(lost));
  logger.error({ ...partition, from: String(wanted), to: low }, 'records are gone from the log');
  return BigInt(low);
}
