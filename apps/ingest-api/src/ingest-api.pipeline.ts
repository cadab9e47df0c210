import { isAscii } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import type { RecordedBatch } from '#contracts';
import type { Principal } from '#access';
import { ApiError, unavailable } from '#http';
import { Clock } from '#platform';
import type { BatchText } from './gathering.js';
import { IngestApiConfig } from './ingest-api.config.js';
import { itemsAccepted, itemsDuplicate, itemsRefused } from './ingest-api.metrics.js';
import { IngestApiSink } from './ingest-api.sink.js';
import { decodeText } from './steps/decode-text.js';
import { type PartitionEvents, PartitionGatherer } from './steps/gather-partitions.js';
import { makeEventId } from './steps/make-event-id.js';
import { looksLikeAffordai, readAffordaiEvent } from './steps/read-affordai-event.js';
import { readEvent } from './steps/read-event.js';
import { type Answer, type ItemOutcome, renderResults } from './steps/render-results.js';
import { scanEvents } from './steps/scan-events.js';
import { type SplitBody, splitJson, splitLines } from './steps/split-items.js';
import { unpackBody } from './steps/unpack-body.js';

export interface IncomingRequest {
  id: string;
  principal: Principal;
  body: Buffer;
  contentType: 'json' | 'lines';
  contentEncoding: string | undefined;
  idempotencyKey: string | undefined;
}

const ITEMS_MAX = 1_000;

/** One request from its bytes to its answer. */
@Injectable()
export class IngestApiPipeline {
  constructor(
    private readonly sink: IngestApiSink,
    private readonly clock: Clock,
    private readonly config: IngestApiConfig,
  ) {}

  /** @throws ApiError for a request that is refused or fails as a whole. */
  async take(request: IncomingRequest): Promise<Answer> {
    const receivedAtMs = this.clock.now();
    const { body, contentEncoding } = request;
    const bytes =
      contentEncoding === undefined
        ? body
        : await unpackBody(body, contentEncoding, this.config.unpackedBytesMax);
    const gatherer = new PartitionGatherer(request.principal.project);
    const { outcomes, single } =
      takeScanned(request, bytes, receivedAtMs, gatherer) ??
      takeParsed(request, bytes, receivedAtMs, gatherer);
    const batches = batchTexts(request, receivedAtMs, gatherer.pieces);
    if (batches.length > 0) await this.record(batches);
    const answer = renderResults(outcomes, request.id, single);
    itemsAccepted.inc(answer.accepted);
    if (answer.duplicate > 0) itemsDuplicate.inc(answer.duplicate);
    if (answer.refused > 0) itemsRefused.inc(answer.refused);
    return answer;
  }

  private async record(batches: BatchText[]): Promise<void> {
    const outcome = await this.sink.record(batches);
    if (outcome === 'acknowledged') return;
    if (outcome === 'overloaded')
      throw unavailable(
        'overloaded',
        'too much is waiting already: send it again, with the same ids',
      );
    throw unavailable(
      'not_recorded',
      'it is not certain that this is durable: send it again, with the same ids',
    );
  }
}

interface Taken {
  outcomes: ItemOutcome[];
  single: boolean;
}

/** The quick way, for bodies whose events can go into the log as they came. Null for all others. */
function takeScanned(
  request: IncomingRequest,
  bytes: Buffer,
  receivedAtMs: number,
  gatherer: PartitionGatherer,
): Taken | null {
  if (request.contentType !== 'json' || request.principal.application !== null) return null;
  if (!isAscii(bytes)) return null;
  const scanned = scanEvents(bytes, bytes.toString('latin1'), receivedAtMs);
  if (scanned === null) return null;
  assertCount(scanned.events.length);
  const outcomes = scanned.events.map(({ id, source, json }, index) => {
    if (id !== undefined) return gather(gatherer, id, source, json);
    const made = makeEventId(request.principal.project, request.idempotencyKey, index);
    return gather(gatherer, made, source, `{"id":"${made}",${json.slice(1)}`);
  });
  return { outcomes, single: scanned.single };
}

/** The full way. */
function takeParsed(
  request: IncomingRequest,
  bytes: Buffer,
  receivedAtMs: number,
  gatherer: PartitionGatherer,
): Taken {
  const text = decodeText(bytes);
  if (text === null) throw new ApiError(400, 'invalid_utf8', 'the body is not UTF-8');
  const { items, single } = request.contentType === 'lines' ? splitLines(text) : splitJson(text);
  assertCount(items.length);
  const isAffordai =
    request.principal.application !== null || (single && looksLikeAffordai(items[0]));
  const outcomes = isAffordai
    ? [takeAffordai(request, { items, single }, gatherer)]
    : items.map((item, index) => takeItem(request, item, index, receivedAtMs, gatherer));
  return { outcomes, single };
}

function assertCount(items: number): void {
  if (items === 0) throw new ApiError(400, 'no_events', 'there is no event in the body');
  if (items > ITEMS_MAX)
    throw new ApiError(413, 'too_many_events', `send at most ${ITEMS_MAX} events at once`);
}

function takeAffordai(
  { principal, idempotencyKey }: IncomingRequest,
  { items, single }: SplitBody,
  gatherer: PartitionGatherer,
): ItemOutcome {
  if (!single) throw new ApiError(400, 'invalid_body', 'an application sends one event at a time');
  const id = makeEventId(principal.project, idempotencyKey, 0);
  const event = readAffordaiEvent(items[0], id, principal.application);
  return gather(gatherer, id, event.source, JSON.stringify(event));
}

function takeItem(
  { principal, idempotencyKey }: IncomingRequest,
  item: unknown,
  index: number,
  receivedAtMs: number,
  gatherer: PartitionGatherer,
): ItemOutcome {
  const { event, refusal } = readEvent(item, receivedAtMs);
  if (refusal) return { status: 'refused', id: idOf(item), error: refusal };
  event.id ??= makeEventId(principal.project, idempotencyKey, index);
  return gather(gatherer, event.id, event.source, JSON.stringify(event));
}

function gather(
  gatherer: PartitionGatherer,
  id: string,
  source: string | undefined,
  json: string,
): ItemOutcome {
  const place = gatherer.add(id, source, json);
  if (place !== 'conflict') return { status: place, id };
  const message = 'the same id stands earlier in this request with other content';
  return { status: 'refused', id, error: { code: 'conflict', message, field: 'id' } };
}

/** The id that the caller gave a refused item, where it can be said back. */
function idOf(item: unknown): string | null {
  if (typeof item !== 'object' || item === null || !('id' in item)) return null;
  return typeof item.id === 'string' && item.id.length <= 256 ? item.id : null;
}

function batchTexts(
  { id, principal }: IncomingRequest,
  receivedAtMs: number,
  pieces: readonly PartitionEvents[],
): BatchText[] {
  const receivedAt = new Date(receivedAtMs).toISOString();
  const opening = `${openingOf(principal)}"request_id":"${id}","received_at":"${receivedAt}","events":[`;
  return pieces.map(({ partition, events, json }) => ({
    partition,
    events,
    json: `${opening}${json}]}`,
  }));
}

type SenderPart = Pick<RecordedBatch, 'project' | 'key' | 'application'>;

const openings = new WeakMap<Principal, string>();

/** What every `RecordedBatch` of a key begins with, made once for as long as the key is remembered. */
function openingOf(principal: Principal): string {
  const known = openings.get(principal);
  if (known !== undefined) return known;
  const { project, keyId, application } = principal;
  const sender: SenderPart = { project, key: keyId, ...(application ? { application } : {}) };
  const opening = `${JSON.stringify(sender).slice(0, -1)},`;
  openings.set(principal, opening);
  return opening;
}
