import { type Logger, withDeadline } from '#platform';
import {
  type ConsumerEvents,
  type ConsumerSession,
  type ConsumerSessionOptions,
  type ReadingClient,
  type PartitionOffset,
} from './client/sessions.js';
import { type ClaimedConsumer } from './partition-claim.js';
import { type TopicPartition } from './record-batch.js';

const LEAVE_TIMEOUT_MS = 3_000;
const COMMIT_TIMEOUT_MS = 2_000;

/** One membership in a consumer group, from joining to its first failure. Whatever ends it, its owner builds another. */
export class GroupMember implements ClaimedConsumer {
  private readonly session: ConsumerSession;
  private readonly logger: Logger;
  private readonly ending = Promise.withResolvers<string>();

  constructor(
    client: ReadingClient,
    options: ConsumerSessionOptions,
    private readonly events: Omit<ConsumerEvents, 'ended'>,
  ) {
    this.logger = options.logger;
    this.session = client.openConsumer(options, {
      ...events,
      ended: (reason) => this.end(reason),
    });
  }

  /** Joins and consumes; settles with the reason when this member has ended. Never throws. */
  async live(): Promise<string> {
    try {
      await this.session.run();
    } catch (error) {
      this.end(error instanceof Error ? error.message : String(error));
    }
    return await this.ending.promise;
  }

  /** Gives this member up at once, without leaving the group. */
  end(reason: string): void {
    this.events.revoked();
    this.ending.resolve(reason);
    this.session.discard(reason);
  }

  /** Leaves the group, so that the others need not wait for the session to time out. */
  async leave(): Promise<void> {
    await withDeadline(
      () => this.session.leave(),
      LEAVE_TIMEOUT_MS,
      'leaving the group: no answer',
    ).catch((error: unknown) => this.logger.warn({ err: error }, 'the group was not left in time'));
    this.end('closed');
  }

  seek(partition: TopicPartition, offset: string): void {
    this.session.seek(partition, offset);
  }

  pause(partition: TopicPartition): void {
    this.session.pause(partition);
  }

  resume(partition: TopicPartition): void {
    this.session.resume(partition);
  }

  async commit(partition: TopicPartition, offset: string): Promise<void> {
    await this.commitAll([{ ...partition, offset }]);
  }

  /** Whether it was committed. Never throws: the group's offsets only say where to begin again, and what they lag comes twice. */
  async commitAll(offsets: readonly PartitionOffset[]): Promise<boolean> {
    try {
      await withDeadline(
        () => this.session.commit(offsets),
        COMMIT_TIMEOUT_MS,
        'commit: no answer',
      );
      return true;
    } catch (error) {
      this.logger.debug({ err: error }, 'offsets not committed');
      return false;
    }
  }
}
