import { isAscii } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import { Clock } from '#platform';
import { batchTexts } from '#recording';
import type { Dialect } from './dialect.js';
import type { IncomingRequest } from './incoming-request.js';
import { IngestApiConfig } from './ingest-api.config.js';
import { itemsAccepted, itemsDuplicate, itemsRefused } from './ingest-api.metrics.js';
import { IngestApiSink } from './ingest-api.sink.js';
import type { Answer } from './steps/answer-error.js';
import { decodeText } from './steps/decode-text.js';
import { makeEventId, readIdempotencyKey } from './steps/make-event-id.js';
import { placeInTime } from './steps/place-in-time.js';
import { isRefusal, type Reading, type Refusal } from './steps/reading.js';
import { EMPTY_BODY, refuseCount, refuseUnrecorded } from './steps/refuse-request.js';
import { RequestOutcomes } from './steps/request-outcomes.js';
import { splitJson, splitLines } from './steps/split-items.js';
import { unpackBody } from './steps/unpack-body.js';

/** One request from its bytes to its answer, whatever its dialect. */
@Injectable()
export class IngestApiPipeline {
  constructor(
    private readonly sink: IngestApiSink,
    private readonly clock: Clock,
    private readonly config: IngestApiConfig,
  ) {}

  /** @param spoken the dialects of the path: the last one takes what none before it recognises. */
  async take(request: IncomingRequest, spoken: readonly [...Dialect[], Dialect]): Promise<Answer> {
    const receivedAtMs = this.clock.now();
    const { id, principal, body, contentEncoding } = request;
    const known = spoken.find(({ recognises }) => recognises?.key(principal));
    const assumed = known ?? spoken.at(-1)!;
    if (body === undefined) return assumed.refuse(EMPTY_BODY, id);
    const idempotencyKey = readIdempotencyKey(request.idempotencyKey);
    if (isRefusal(idempotencyKey)) return assumed.refuse(idempotencyKey, id);
    const bytes =
      contentEncoding === undefined
        ? body
        : await unpackBody(body, contentEncoding, this.config.unpackedBytesMax);
    if (isRefusal(bytes)) return assumed.refuse(bytes, id);
    const outcomes = new RequestOutcomes(principal.project);
    const opened = {
      request,
      idempotencyKey,
      bytes,
      receivedAtMs,
      known,
      assumed,
      spoken,
      outcomes,
    };
    const { dialect, refusal, single } = takeScanned(opened) ?? takeParsed(opened);
    if (refusal) return dialect.refuse(refusal, id);
    const batches = batchTexts(
      { sender: principal, requestId: id, receivedAtMs },
      outcomes.gatherer.pieces,
    );
    const recorded = batches.length > 0 ? await this.sink.record(batches) : 'acknowledged';
    if (recorded !== 'acknowledged') return dialect.refuse(refuseUnrecorded(recorded), id);
    count(outcomes);
    return dialect.answer(outcomes, id, single);
  }
}

/** A request whose body is there in plain bytes. */
interface OpenedRequest {
  request: IncomingRequest;
  idempotencyKey: string | undefined;
  bytes: Buffer;
  receivedAtMs: number;
  /** The dialect, where the key tells it; and the one that is spoken unless the body says otherwise. */
  known: Dialect | undefined;
  assumed: Dialect;
  spoken: readonly Dialect[];
  outcomes: RequestOutcomes;
}

interface Taken {
  dialect: Dialect;
  single: boolean;
  /** Why the request as a whole is not taken. */
  refusal?: Refusal | null;
}

/** The quick way. Null where the dialect has none, or does not vouch for the body. */
function takeScanned({
  request: { principal, contentType },
  idempotencyKey,
  bytes,
  receivedAtMs,
  assumed,
  outcomes,
}: OpenedRequest): Taken | null {
  if (contentType !== 'json' || assumed.scan === undefined || !isAscii(bytes)) return null;
  const scanned = assumed.scan(bytes, bytes.toString('latin1'), receivedAtMs);
  if (scanned === null) return null;
  const { events, single } = scanned;
  const refusal = refuseCount(events.length);
  if (refusal) return { dialect: assumed, single, refusal };
  events.forEach(({ id, source, json }, index) => {
    if (id !== undefined) return outcomes.take(id, source, json);
    const made = makeEventId(principal, idempotencyKey, index);
    outcomes.take(made, source, `{"id":"${made}",${json.slice(1)}`);
  });
  return { dialect: assumed, single };
}

/** The full way. */
function takeParsed(opened: OpenedRequest): Taken {
  const { request, bytes, known, assumed, spoken } = opened;
  const text = decodeText(bytes);
  if (isRefusal(text)) return { dialect: assumed, single: false, refusal: text };
  const body = request.contentType === 'lines' ? splitLines(text) : splitJson(text);
  if (isRefusal(body)) return { dialect: assumed, single: false, refusal: body };
  const { single } = body;
  const dialect = known ?? spoken.find(({ recognises }) => recognises?.body(body)) ?? assumed;
  const refusal = refuseCount(body.items.length);
  if (refusal) return { dialect, single, refusal };
  const readings = dialect.read(body, request.principal);
  if (isRefusal(readings)) return { dialect, single, refusal: readings };
  readings.forEach((reading, index) => takeReading(opened, reading, index));
  return { dialect, single };
}

function takeReading(
  { request: { principal }, idempotencyKey, receivedAtMs, outcomes }: OpenedRequest,
  reading: Reading,
  index: number,
): void {
  const placed = reading.event ? placeInTime(reading.event, receivedAtMs) : reading;
  if (placed.refusal) return outcomes.refuse(placed.id, placed.refusal);
  const { event } = placed;
  event.id ??= makeEventId(principal, idempotencyKey, index);
  outcomes.take(event.id, event.source, JSON.stringify(event));
}

function count({ accepted, duplicate, refused }: RequestOutcomes): void {
  itemsAccepted.inc(accepted);
  if (duplicate > 0) itemsDuplicate.inc(duplicate);
  if (refused > 0) itemsRefused.inc(refused);
}
