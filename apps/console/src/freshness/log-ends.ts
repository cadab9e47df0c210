import { type LogEnds, type LogView, readLogEnds } from '#freshness';
import { withDeadline } from '#platform';

const REMEMBERED_MS = 200;
/** While the brokers are away they are asked this seldom, so that answers do not wait for them. */
const AWAY_REMEMBERED_MS = 1_000;
const PATIENCE_MS = 500;

/** The ends of `usage.recorded`, asked at most every 200 ms however many want to know. */
export class LogEndsReader {
  private asking: Promise<LogEnds | null> | null = null;
  private known: LogEnds | null = null;
  private freshUntilMs = 0;

  constructor(
    private readonly view: LogView,
    private readonly now: () => number = Date.now,
  ) {}

  /** Null when the brokers do not answer within half a second. Never throws. */
  async read(): Promise<LogEnds | null> {
    if (this.now() < this.freshUntilMs) return this.known;
    const asking = (this.asking ??= this.ask().finally(() => (this.asking = null)));
    return await withDeadline(() => asking, PATIENCE_MS, 'Kafka: no answer').catch(() => null);
  }

  private async ask(): Promise<LogEnds | null> {
    const askedAtMs = this.now();
    this.known = await readLogEnds(this.view, askedAtMs).catch(() => null);
    this.freshUntilMs = this.known ? askedAtMs + REMEMBERED_MS : this.now() + AWAY_REMEMBERED_MS;
    return this.known;
  }
}
