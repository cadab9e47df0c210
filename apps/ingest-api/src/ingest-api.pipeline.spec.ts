import { describe, expect, it } from '@jest/globals';
import { RateLimiter } from '#limits';
import { Clock } from '#platform';
import type { BatchText, RecordOutcome } from '#recording';
import type { Dialect } from './dialect.js';
import type { IncomingRequest } from './incoming-request.js';
import { IngestApiConfig } from './ingest-api.config.js';
import { IngestApiPipeline } from './ingest-api.pipeline.js';
import type { IngestApiSink } from './ingest-api.sink.js';

const application = { id: 'a', provider: null, model: 'm', time_zone: 'UTC' };
const principal = {
  project: 'p',
  keyId: 'k',
  scopes: ['ingest'],
  expiresAt: null,
  application: null,
  limits: {},
};

const requestOf = (
  body: string | undefined,
  over: Partial<IncomingRequest> = {},
): IncomingRequest => ({
  id: 'req_1',
  principal,
  readBody: () => Promise.resolve(body === undefined ? undefined : Buffer.from(body)),
  contentType: 'json',
  contentEncoding: undefined,
  idempotencyKey: undefined,
  ...over,
});

/** A dialect that says with its name who answered. */
const dialect = (name: string, over: Partial<Dialect> = {}): Dialect => ({
  read: ({ items }) => items.map((_, index) => ({ event: { id: `${name}-${index}` } })),
  answer: ({ items }) => ({ status: 200, headers: {}, body: `${name}: ${items[0]?.id}` }),
  refuse: ({ code }) => ({ status: 400, headers: {}, body: `${name}: ${code}` }),
  page: { wire: { item: Object, inside: [], unknownFields: 'ignored' }, forms: [], examples: {} },
  ...over,
});

const spoken = [
  dialect('keyed', { recognises: { key: (who) => who.application !== null, body: () => false } }),
  dialect('marked', {
    recognises: { key: () => false, body: ({ items }) => Object.hasOwn(Object(items[0]), 'mark') },
  }),
  dialect('last', {
    scan: (_, text) => (text === '[1]' ? { events: [scannedEvent], single: false } : null),
  }),
] as const;
const scannedEvent = { id: 'scanned', source: undefined, json: '{"id":"scanned"}' };

function pipelineWith(outcome: RecordOutcome = 'acknowledged') {
  const recorded: BatchText[] = [];
  const sink = {
    record: (batches: readonly BatchText[]) => {
      recorded.push(...batches);
      return Promise.resolve(outcome);
    },
  } as IngestApiSink;
  const config = Object.assign(new IngestApiConfig(), { unpackedBytesMax: 1_000 });
  return {
    recorded,
    pipeline: new IngestApiPipeline(sink, new Clock(), config, new RateLimiter(() => 0)),
  };
}

describe('the dialect of a request', () => {
  it.each([
    [
      'by its key, whatever the body',
      requestOf('{"mark":1}', { principal: { ...principal, application } }),
      'keyed: keyed-0',
    ],
    ['by its body', requestOf('{"mark":1}'), 'marked: marked-0'],
    ['as the last one, where no other knows it', requestOf('{}'), 'last: last-0'],
    ['as the last one, where that vouches for the bytes', requestOf('[1]'), 'last: scanned'],
    [
      'never by a scan that is not of its key',
      requestOf('[1]', { principal: { ...principal, application } }),
      'keyed: keyed-0',
    ],
  ])('is found %s', async (_how, request, body) => {
    const { pipeline, recorded } = pipelineWith();
    expect((await pipeline.take(request, spoken)).body).toBe(body);
    expect(recorded.map(({ events }) => events)).toEqual([1]);
  });

  it.each([
    ['no body', requestOf(undefined), 'last: empty_body'],
    [
      'a bad key of idempotency',
      requestOf('{}', { idempotencyKey: '' }),
      'last: invalid_idempotency_key',
    ],
    [
      'an unknown encoding',
      requestOf('{}', { contentEncoding: 'br' }),
      'last: unsupported_encoding',
    ],
    ['broken JSON', requestOf('{'), 'last: malformed_json'],
    ['no events', requestOf('[]'), 'last: no_events'],
    [
      '1,001 events',
      requestOf(JSON.stringify(Array.from({ length: 1_001 }, () => ({ mark: 1 })))),
      'last: too_many_events',
    ],
    [
      'broken JSON under a known key',
      requestOf('{', { principal: { ...principal, application } }),
      'keyed: malformed_json',
    ],
  ])('words the refusal of %s', async (_what, request, body) => {
    const { pipeline, recorded } = pipelineWith();
    expect((await pipeline.take(request, spoken)).body).toBe(body);
    expect(recorded).toEqual([]);
  });

  it.each([
    ['overloaded', 'marked: overloaded'],
    ['unknown', 'marked: not_recorded'],
    ['refused', 'marked: not_recorded'],
  ] as const)('words that a send is %s', async (outcome, body) => {
    const { pipeline } = pipelineWith(outcome);
    expect((await pipeline.take(requestOf('{"mark":1}'), spoken)).body).toBe(body);
  });
});
