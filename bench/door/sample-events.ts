import { randomUUID } from 'node:crypto';

const MODELS = ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-5', 'gemini-2.5-flash'];

/** One usage event as a caller would send it, about 280 bytes, with a random id. */
export function sampleEvent(n: number): object {
  return {
    id: randomUUID(),
    time: new Date(Date.now() - (n % 100_000)).toISOString(),
    customer: `customer-${n % 50}`,
    user: `user-${n % 1_000}`,
    provider: 'openai',
    model: MODELS[n % MODELS.length],
    purpose: 'summarise',
    usage: {
      input_tokens: 1_000 + (n % 3_000),
      cache_read_tokens: n % 900,
      output_tokens: 200 + (n % 700),
    },
    latency_ms: 400 + (n % 900),
  };
}

/** `requests` HTTP requests ready to be written to a socket, with `batchSize` events each. */
export function sampleRequests(requests: number, batchSize: number, apiKey: string): Buffer[] {
  return Array.from({ length: requests }, (_, request) => {
    const events = Array.from({ length: batchSize }, (_, n) =>
      sampleEvent(request * batchSize + n),
    );
    return requestOf(batchSize === 1 ? events[0]! : { events }, apiKey);
  });
}

/** A request to record `body`, ready to be written to a socket. */
export function requestOf(body: object, apiKey: string): Buffer {
  const text = JSON.stringify(body);
  return Buffer.from(
    `POST /v1/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${apiKey}\r\n` +
      `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
  );
}
