import { setTimeout as delay } from 'node:timers/promises';

const BATCH = 100;
const CONNECTIONS = 4;
const ANSWER_MS_MAX = 10_000;
const PAUSE_MS = 50;

interface SteadyLoadOptions {
  /** The door's base URL at the time of the call. */
  url: () => string;
  apiKey: string;
  eventsPerSecond: number;
}

/** Customers, tags and tokens follow from the number of an event, so that every sum is known by arithmetic. */
export const CUSTOMERS = 50;
export const TAGS = 20;
/** 1,000 tokens in at $2.50 and 500 out at $10 a million: $0.0075, in pico-dollars. */
export const COST_OF_AN_EVENT = 7_500_000_000n;

/**
 * Events at a steady rate, numbered from 0 without a gap: each is repeated under its id until it is acknowledged. What it
 * falls behind while nobody answers it catches up with.
 */
export class SteadyLoad {
  /** Events below this number are acknowledged. */
  acknowledged = 0;
  private next = 0;
  private readonly stopping = new AbortController();
  private readonly startedMs = performance.now();
  private readonly done: Promise<unknown>;

  constructor(private readonly options: SteadyLoadOptions) {
    this.done = Promise.all(Array.from({ length: CONNECTIONS }, () => this.keepSending()));
    // Told by `stop`.
    this.done.catch(() => undefined);
  }

  /** Lets what was begun come to its end. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
    this.acknowledged = this.next;
  }

  private async keepSending(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const dueMs = (this.next / this.options.eventsPerSecond) * 1_000 + this.startedMs;
      const first = this.next;
      this.next += BATCH;
      await delay(Math.max(0, dueMs - performance.now()));
      const events = Array.from({ length: BATCH }, (_, at) => eventOf(first + at));
      while (!(await this.post(events))) await delay(PAUSE_MS);
    }
  }

  private async post(events: object[]): Promise<boolean> {
    const { url, apiKey } = this.options;
    try {
      const response = await fetch(`${url()}/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ events }),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      const text = await response.text();
      if (response.status === 202) return true;
      if (response.status === 503 || response.status === 429) return false;
      throw new UnexpectedAnswer(`${response.status} ${text}`);
    } catch (error) {
      if (error instanceof UnexpectedAnswer) throw error;
      return false;
    }
  }
}

class UnexpectedAnswer extends Error {}

function eventOf(n: number): object {
  return {
    id: `steady-${n}`,
    customer: `customer-${n % CUSTOMERS}`,
    provider: 'openai',
    model: 'gpt-4o',
    tags: [`tag-${n % TAGS}`],
    usage: { input_tokens: 1_000, output_tokens: 500 },
  };
}
