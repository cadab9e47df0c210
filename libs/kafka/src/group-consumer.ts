import { setTimeout } from 'node:timers/promises';
import { type Logger, withDeadline } from '#platform';
import { kafkaReads } from './client/reads.js';
import {
  type ConsumerSessionOptions,
  type FetchedRecords,
  type ReadingClient,
} from './client/sessions.js';
import { ClusterView } from './cluster-view.js';
import { ConsumerProgress } from './consumer-progress.js';
import { GroupMember } from './group-member.js';
import { generationsTotal, handlerFailuresTotal, restartsTotal } from './kafka-metrics.js';
import { PartitionClaim } from './partition-claim.js';
import { decodeRecord } from './record-encoding.js';
import { HandlersInFlight } from './handlers-in-flight.js';
import { type RecordBatch, type TopicPartition } from './record-batch.js';
import { takePosition } from './starting-position.js';

export interface GroupConsumerOptions extends ConsumerSessionOptions {
  commit: 'after-handler' | 'by-handler';
  handle(batch: RecordBatch): Promise<void>;
  startAt?(partition: TopicPartition, generation: number): Promise<string | null>;
  onAssigned?(assignment: readonly TopicPartition[], generation: number): void;
  onRevoked?(assignment: readonly TopicPartition[], generation: number): void | Promise<void>;
}

const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MS_MAX = 2_000;
/** A member that lived this long was no failure: the next one begins without a long back-off. */
const SOUND_AFTER_MS = 10_000;
const COMMIT_INTERVAL_MS = 200;
const REFRESH_INTERVAL_MS = 1_000;
const DRAIN_TIMEOUT_MS = 20_000;
/** Longer than a join may block. A fetch loop that is silent for so long, with brokers that answer, is dead. */
const SILENCE_MS_MAX = 20_000;

/** Takes part in a consumer group for ever: one `GroupMember` after another, one `PartitionClaim` for each partition held. */
export class GroupConsumer {
  readonly progress: ConsumerProgress;
  private readonly view: ClusterView;
  private readonly logger: Logger;
  private readonly claims = new Map<string, PartitionClaim>();
  private readonly handlers = new HandlersInFlight();
  private readonly timers: NodeJS.Timeout[] = [];
  private member: GroupMember | null = null;
  private generation = 0;
  private lastTickAt = 0;
  private closing = false;

  constructor(
    private readonly options: GroupConsumerOptions,
    private readonly client: ReadingClient = kafkaReads,
  ) {
    this.logger = options.logger.child({ group: options.groupId });
    this.view = new ClusterView(options, client);
    this.progress = new ConsumerProgress(options.groupId, this.view);
  }

  /** Returns at once; joining, and joining again after whatever happens, goes on behind. */
  start(): void {
    this.every(COMMIT_INTERVAL_MS, () => this.commitPositions());
    this.every(this.options.sessionTimeoutMs / 8, () => this.keepAlive());
    this.every(REFRESH_INTERVAL_MS, () => this.progress.refresh(!this.isSilent()));
    void this.liveForEver();
  }

  /** Takes no new batch, waits for the handlers in flight and for `onRevoked`, commits and leaves the group. */
  async close(): Promise<void> {
    this.closing = true;
    for (const claim of this.claims.values()) claim.hold();
    await this.inTime(this.handlers.drained(), 'handlers');
    await this.inTime(this.tellRevoked(), 'onRevoked');
    await this.commitPositions();
    this.endClaims();
    this.timers.forEach(clearInterval);
    await this.member?.leave();
    await this.view.close();
  }

  private async liveForEver(): Promise<void> {
    for (let attempt = 0; !this.closing; attempt += 1) {
      const bornAt = (this.lastTickAt = Date.now());
      this.member = new GroupMember(this.client, this.options, {
        joined: (assignment) => this.assign(assignment),
        revoked: () => this.revoke(),
        batch: (fetched) => this.deliver(fetched),
        tick: () => (this.lastTickAt = Date.now()),
      });
      const reason = await this.member.live();
      if (this.closing) return;
      if (Date.now() - bornAt > SOUND_AFTER_MS) attempt = 0;
      restartsTotal.inc({ group: this.options.groupId });
      // The first failure is most often a coordinator that is still loading.
      const level = attempt === 0 ? 'info' : 'warn';
      this.logger[level]({ reason, attempt }, 'the consumer has ended and begins anew');
      await setTimeout(backOffMs(attempt));
    }
  }

  private assign(assignment: readonly TopicPartition[]): void {
    const { member } = this;
    if (member === null) return;
    this.revoke();
    this.generation += 1;
    generationsTotal.inc({ group: this.options.groupId });
    this.logger.info({ generation: this.generation, assignment: assignment.length }, 'assigned');
    this.options.onAssigned?.(assignment, this.generation);
    for (const partition of assignment) {
      const claim = new PartitionClaim(partition, this.generation, member);
      this.claims.set(keyOf(partition), claim);
      void takePosition(claim, { ...this.options, view: this.view, logger: this.logger });
    }
    this.progress.follow([...this.claims.values()]);
  }

  private revoke(): void {
    if (this.claims.size === 0) return;
    this.tellRevoked().catch((error: unknown) => this.logger.error({ err: error }, 'onRevoked'));
    this.endClaims();
  }

  private async tellRevoked(): Promise<void> {
    const assignment = [...this.claims.values()].map(({ partition }) => partition);
    if (assignment.length > 0) await this.options.onRevoked?.(assignment, this.generation);
  }

  private endClaims(): void {
    for (const claim of this.claims.values()) claim.end();
    this.claims.clear();
  }

  private async deliver(fetched: FetchedRecords): Promise<void> {
    const { topic, partition, firstOffset: first, highWatermark } = fetched;
    const heartbeat = () => fetched.heartbeat();
    // After a pause of the whole process this is the first to know that others have taken over. Sent when one is due.
    await heartbeat();
    const claim = this.claims.get(keyOf({ topic, partition }));
    if (claim === undefined || claim.position === null || first === null || this.closing) return;
    claim.sawHighWatermark(BigInt(highWatermark));
    if (BigInt(first) !== claim.position) {
      this.logger.warn({ topic, partition, first, position: `${claim.position}` }, 'not the next');
      void takePosition(claim, { ...this.options, view: this.view, logger: this.logger });
      return;
    }
    const batch = claim.batchOf({
      highWatermark,
      records: fetched.records.map((record) => decodeRecord(record)),
      heartbeat,
      resolve: (offset) => fetched.resolve(offset),
    });
    await this.handlers.track(this.handle(claim, batch), heartbeat);
  }

  private async handle(claim: PartitionClaim, batch: RecordBatch): Promise<void> {
    try {
      await this.options.handle(batch);
      const last = batch.records.at(-1);
      if (this.options.commit === 'after-handler' && last) batch.resolve(last.offset);
      claim.failures = 0;
    } catch (error) {
      if (!batch.isCurrent()) return;
      const waitMs = backOffMs(claim.failures);
      claim.failures += 1;
      handlerFailuresTotal.inc({ topic: batch.topic });
      this.logger.warn(
        { ...claim.partition, position: `${claim.position}`, waitMs, err: error },
        'a handler threw: its batch comes again',
      );
      const release = claim.hold();
      void setTimeout(waitMs).then(release);
    }
  }

  private async keepAlive(): Promise<void> {
    await this.handlers.keepAlive();
    if (!this.isSilent() || !this.handlers.isEmpty) return;
    if ((await this.view.unreadyReason()) !== null) this.lastTickAt = Date.now();
    else this.member?.end('the fetch loop is silent although the brokers answer');
  }

  private isSilent(): boolean {
    return Date.now() - this.lastTickAt > SILENCE_MS_MAX;
  }

  private async commitPositions(): Promise<void> {
    if (this.options.commit !== 'after-handler') return;
    const moved = [...this.claims.values()].flatMap((claim) => claim.uncommitted());
    if (moved.length === 0 || !(await this.member?.commitAll(moved))) return;
    for (const { offset, ...partition } of moved) {
      this.claims.get(keyOf(partition))?.hasCommitted(BigInt(offset));
    }
  }

  private async inTime(work: Promise<unknown>, what: string): Promise<void> {
    await withDeadline(() => work, DRAIN_TIMEOUT_MS, `${what}: no answer`).catch((error: unknown) =>
      this.logger.error({ err: error }, `closing without waiting any longer for ${what}`),
    );
  }

  private every(intervalMs: number, act: () => Promise<void>): void {
    let busy = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      void act().finally(() => (busy = false));
    }, intervalMs);
    this.timers.push(timer);
  }
}

function backOffMs(failuresBefore: number): number {
  return Math.min(BACK_OFF_FIRST_MS * 2 ** failuresBefore, BACK_OFF_MS_MAX);
}

function keyOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
