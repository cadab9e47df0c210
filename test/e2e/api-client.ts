import { setTimeout as delay } from 'node:timers/promises';
import type { Platform } from '../../dev/platform/platform.js';

const ANSWER_MS_MAX = 15_000;
const COUNTED_MS_MAX = 30_000;
const PAUSE_MS = 25;

export interface ApiErrorBody {
  error: {
    code: string;
    message: string;
    request_id: string;
    details: { field: string; message: string }[];
  };
}

export interface Answer<T> {
  status: number;
  headers: Headers;
  text: string;
  /** The parsed text; what the caller expects of it is the caller's to check. */
  body: T & ApiErrorBody;
}

export interface IngestAnswer {
  accepted: number;
  duplicate: number;
  refused: number;
  results: { index: number; id: string; status: string }[];
}

export interface UsageRow {
  window_start: string;
  customer?: string | null;
  model?: string | null;
  application?: string | null;
  events: number;
  requests: number;
  input_tokens: number;
  cache_read_tokens: number;
  output_tokens: number;
  cost: string;
  unpriced_events: number;
}

export interface Page<T> {
  data: T[];
  next_cursor: string | null;
}

export interface UsageAnswer extends Page<UsageRow> {
  fresh_to: string | null;
}

interface Call {
  body?: unknown;
  headers?: Record<string, string>;
}

/** One caller of the platform's HTTP routes, by one key. */
export class ApiClient {
  constructor(
    readonly urls: { ingest: string; console: string },
    readonly key: string | null,
  ) {}

  /** @param key Default: the demo project's, which has every scope. */
  static of(platform: Platform, key: string = platform.demoAccess.apiKey): ApiClient {
    const urls = { ingest: platform.url('ingest-api'), console: platform.url('console') };
    return new ApiClient(urls, key);
  }

  withKey(key: string | null): ApiClient {
    return new ApiClient(this.urls, key);
  }

  /** Sends to `POST /v1/events`. */
  send(body: unknown, headers: Record<string, string> = {}): Promise<Answer<IngestAnswer>> {
    return this.call(`${this.urls.ingest}/v1/events`, 'POST', { body, headers });
  }

  /** Asks the console. */
  ask<T = object>(method: string, path: string, call: Call = {}): Promise<Answer<T>> {
    return this.call(`${this.urls.console}${path}`, method, call);
  }

  get<T = object>(path: string): Promise<Answer<T>> {
    return this.ask<T>('GET', path);
  }

  /** Rows of `GET /v1/usage`. Throws on any answer but 200. */
  async usage(query = ''): Promise<UsageRow[]> {
    const { status, text, body } = await this.get<UsageAnswer>(`/v1/usage${query}`);
    if (status !== 200) throw new Error(`GET /v1/usage${query} answers ${status} ${text}`);
    return body.data;
  }

  /** Waits until `fresh_to` says that everything acknowledged before now is counted. */
  async waitUntilCounted(): Promise<void> {
    const acknowledgedMs = Date.now();
    const deadline = acknowledgedMs + COUNTED_MS_MAX;
    for (;;) {
      const { status, body } = await this.get<UsageAnswer>('/v1/usage?limit=1');
      if (status === 200 && Date.parse(body.fresh_to ?? '') > acknowledgedMs) return;
      if (Date.now() > deadline)
        throw new Error(`fresh_to is ${body.fresh_to} after ${COUNTED_MS_MAX / 1000} s`);
      await delay(PAUSE_MS);
    }
  }

  private async call<T>(url: string, method: string, { body, headers }: Call): Promise<Answer<T>> {
    const response = await fetch(url, {
      method,
      headers: {
        ...(this.key === null ? {} : { authorization: `Bearer ${this.key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    return { status, headers: answered, text, body: JSON.parse(text) as T & ApiErrorBody };
  }
}
