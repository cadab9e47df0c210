import { setTimeout } from 'node:timers/promises';
import { type Logger, withDeadline } from '#platform';
import { type ProducerSession } from './client/sessions.js';

const CONNECT_TIMEOUT_MS = 2_000;
const BACK_OFF_FIRST_MS = 100;
const BACK_OFF_MS_MAX = 500;

/** Keeps one connected `ProducerSession` at hand: builds the next one after a failure, for ever. */
export class SessionKeeper {
  private current: ProducerSession | null = null;
  private connecting: ProducerSession | null = null;
  private attempt: Promise<void> = Promise.resolve();
  private trouble: string | null = null;
  private closed = false;

  constructor(
    private readonly open: () => ProducerSession,
    private readonly logger: Logger,
  ) {}

  start(): void {
    void this.connectForEver();
  }

  /** Why there is no session, or null when there is one. */
  unreadyReason(): string | null {
    return this.current === null ? (this.trouble ?? 'not connected yet') : null;
  }

  /** The connected session. Null when the brokers are known to be away, or do not answer before the deadline. */
  async session(deadlineAt: number): Promise<ProducerSession | null> {
    if (this.current === null && this.trouble === null) {
      await withDeadline(
        () => this.attempt,
        deadlineAt - performance.now(),
        'connecting: no answer',
      ).catch(() => undefined);
    }
    return this.current;
  }

  /** Discards a session whose state nobody knows any more, and begins to build the next. */
  replace(session: ProducerSession, reason: string): void {
    session.discard(reason);
    if (this.current !== session) return;
    this.current = null;
    void this.connectForEver();
  }

  /** Ends the session, or the attempt to get one. */
  async close(): Promise<void> {
    this.closed = true;
    this.trouble = 'closed';
    this.current?.discard('closed');
    this.current = null;
    this.connecting?.discard('closed');
    await this.attempt;
  }

  private async connectForEver(): Promise<void> {
    for (let backOffMs = BACK_OFF_FIRST_MS; !this.closed; backOffMs *= 2) {
      this.attempt = this.connectOnce();
      await this.attempt;
      if (this.current !== null) return;
      await setTimeout(Math.min(backOffMs, BACK_OFF_MS_MAX));
    }
  }

  private async connectOnce(): Promise<void> {
    const session = this.open();
    this.connecting = session;
    try {
      await withDeadline(
        () => session.connect(),
        CONNECT_TIMEOUT_MS,
        'connecting to Kafka: no answer',
      );
      if (this.closed) throw new Error('closed');
      this.current = session;
      this.trouble = null;
      this.logger.debug('Kafka producer connected');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      session.discard(reason);
      if (this.trouble === null) this.logger.warn({ reason }, 'Kafka producer cannot connect');
      this.trouble = reason;
    } finally {
      this.connecting = null;
    }
  }
}
