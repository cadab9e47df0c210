import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { UsageEvent } from '#contracts';

/** The door does not take what is sent: repeating it would not help. */
export class DemoRefused extends Error {}

const ANSWER_MS_MAX = 10_000;
const PATIENCE_MS = 60_000;
const PAUSE_MS = 500;

const compress = promisify(gzip);

interface IngestAnswer {
  refused: number;
  results: { id: string | null; error?: { message: string; field: string | null } }[];
}

/** Sends batches as a careful client does: gzipped, with a time limit, and again with the same ids while the door is away. */
export class DemoSender {
  constructor(
    private readonly ingestUrl: string,
    private readonly apiKey: string,
  ) {}

  /** Returns when the events are durable. Throws DemoRefused for a refusal, or when the door stays away for a minute. */
  async send(events: readonly UsageEvent[]): Promise<void> {
    const body = await compress(JSON.stringify({ events }));
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const outcome = await this.post(body);
      if (outcome.taken) return;
      if (Date.now() > deadline) throw new DemoRefused(`gave up after a minute: ${outcome.reason}`);
      await delay(outcome.pauseMs);
    }
  }

  private async post(
    body: Buffer,
  ): Promise<{ taken: true } | { taken: false; reason: string; pauseMs: number }> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${this.ingestUrl}/v1/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${this.apiKey}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
        },
        body: new Uint8Array(body),
        signal: AbortSignal.timeout(ANSWER_MS_MAX),
      });
      text = await response.text();
    } catch (error) {
      const { message, cause } = error as Error;
      const reason = `${this.ingestUrl}: ${cause instanceof Error ? cause.message : message}`;
      return { taken: false, reason, pauseMs: PAUSE_MS };
    }
    if (response.status === 503 || response.status === 429) {
      const pauseMs = Number(response.headers.get('retry-after') ?? 0) * 1000 || PAUSE_MS;
      return { taken: false, reason: text, pauseMs };
    }
    if (response.status !== 202) throw new DemoRefused(`${response.status} ${text}`);
    assertNothingRefused(JSON.parse(text) as IngestAnswer);
    return { taken: true };
  }
}

function assertNothingRefused({ refused, results }: IngestAnswer): void {
  if (refused === 0) return;
  const first = results.find(({ error }) => error !== undefined);
  const why = `${first?.error?.field ?? 'event'}: ${first?.error?.message}`;
  throw new DemoRefused(`${refused} events were refused; the first, ${first?.id}, for ${why}`);
}
