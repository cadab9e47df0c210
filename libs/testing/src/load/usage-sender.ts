import { setTimeout as delay } from 'node:timers/promises';
import type { UsageEvent } from '#contracts';
import type { SeededRandom } from './seeded-random.js';
import type { SentUsage } from './sent-usage.js';

/** An answer that was not 202, or none at all. */
export interface Refusal {
  /** Null when the connection broke. */
  status: number | null;
  retryAfter: string | null;
  tookMs: number;
  atMs: number;
}

export interface SendingManner {
  batchMax: number;
  /** Each batch is sent between once and so many times. */
  copiesMax: number;
  /** Requests under way at the same time. */
  concurrency: number;
}

interface Door {
  url: () => string;
  apiKey: string;
}

interface Answer {
  accepted: number;
  results: { index: number; id: string; status: string }[];
}

const ANSWER_MS_MAX = 10_000;
const PAUSE_MS = 50;

/** Sends as a careful caller does: what is not answered 202 is repeated with the same ids until it is. */
export class UsageSender {
  readonly refusals: Refusal[] = [];
  private readonly apiKey: string;
  private doors: readonly (() => string)[];
  private requests = 0;

  constructor(
    { url, apiKey }: Door,
    private readonly sent: SentUsage,
    private readonly random: SeededRandom,
  ) {
    this.doors = [url];
    this.apiKey = apiKey;
  }

  /** From now on requests go to these doors in turn, a repeated one to the next. */
  spreadOver(urls: readonly string[]): void {
    this.doors = urls.map((url) => () => url);
  }

  /** Sends the events in batches, each several times, in random order; copies of a batch overlap now and then. */
  async send(events: readonly UsageEvent[], manner: SendingManner): Promise<void> {
    const batches: UsageEvent[][] = [];
    for (let start = 0; start < events.length; start += batches.at(-1)!.length) {
      batches.push(events.slice(start, start + this.random.between(1, manner.batchMax)));
    }
    const copies = batches.flatMap((batch) =>
      Array.from({ length: this.random.between(1, manner.copiesMax) }, () => batch),
    );
    const queue = this.random.shuffled(copies);
    const work = async () => {
      for (let batch = queue.pop(); batch; batch = queue.pop()) {
        const atOnce = this.random.happens(0.1) && manner.copiesMax > 1 ? 2 : 1;
        await Promise.all(Array.from({ length: atOnce }, () => this.post(batch)));
      }
    };
    await Promise.all(Array.from({ length: manner.concurrency }, work));
  }

  /** Sends one batch until it is acknowledged. Throws on any answer that a careful caller would not repeat. */
  async post(batch: readonly UsageEvent[]): Promise<void> {
    while (!(await this.tryOnce(batch))) await delay(PAUSE_MS);
  }

  private async tryOnce(batch: readonly UsageEvent[]): Promise<boolean> {
    const startedMs = performance.now();
    this.sent.noteTry(batch);
    const refuse = (status: number | null, retryAfter: string | null) => {
      const tookMs = performance.now() - startedMs;
      this.refusals.push({ status, retryAfter, tookMs, atMs: Date.now() });
      return false;
    };
    try {
      const response = await fetch(`${this.nextDoor()}/v1/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.apiKey}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ events: batch }),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const text = await response.text();
      if (response.status === 503) return refuse(503, response.headers.get('retry-after'));
      if (response.status !== 202) throw new UnexpectedAnswer(`${response.status} ${text}`);
      assertAllAccepted(batch, JSON.parse(text) as Answer);
    } catch (error) {
      if (error instanceof UnexpectedAnswer) throw error;
      return refuse(null, null);
    }
    this.sent.noteAcknowledgement(batch);
    return true;
  }

  private nextDoor(): string {
    this.requests += 1;
    return this.doors[this.requests % this.doors.length]!();
  }
}

class UnexpectedAnswer extends Error {}

function assertAllAccepted(batch: readonly UsageEvent[], { accepted, results }: Answer): void {
  const answered = results.map(({ index, id, status }) => `${index} ${id} ${status}`).join();
  const expected = batch.map(({ id }, index) => `${index} ${id} accepted`).join();
  if (accepted !== batch.length || answered !== expected) throw new UnexpectedAnswer(answered);
}
