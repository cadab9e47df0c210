import { setTimeout as delay } from 'node:timers/promises';
import { demoApplications } from './describe-demo-call.js';

const ANSWER_MS_MAX = 10_000;
const PATIENCE_MS = 30_000;
const PAUSE_MS = 200;

/** What the platform counts of the demo; `cost` in US dollars, exact. */
export interface CountedUsage {
  events: number;
  unpriced_events: number;
  cost: string;
}

interface UsageAnswer {
  data: CountedUsage[];
  fresh_to: string | null;
}

/** Where all usage of the demo's applications is summed. */
export function demoUsageUrl(consoleUrl: string, fromDay: string): string {
  const query = new URLSearchParams({ from: fromDay });
  for (const { application } of demoApplications) query.append('application', application);
  return `${consoleUrl}/v1/usage?${query.toString()}`;
}

/**
 * Reads the sums once they hold everything that was acknowledged before `acknowledgedMs`.
 * Null when that takes longer than half a minute. Throws on an answer other than 200.
 */
export async function readCountedUsage(
  url: string,
  apiKey: string,
  acknowledgedMs: number,
): Promise<CountedUsage | null> {
  const deadline = Date.now() + PATIENCE_MS;
  while (Date.now() < deadline) {
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await response.text();
    if (response.status !== 200 && response.status !== 503)
      throw new Error(`${url} answers ${response.status} ${text}`);
    if (response.status === 200) {
      const { data, fresh_to } = JSON.parse(text) as UsageAnswer;
      if (fresh_to !== null && Date.parse(fresh_to) > acknowledgedMs) return data[0] ?? null;
    }
    await delay(PAUSE_MS);
  }
  return null;
}
