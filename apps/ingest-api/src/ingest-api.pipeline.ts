import { isAscii, isUtf8 } from 'node:buffer';
import { Injectable } from '@nestjs/common';
import type { Principal } from '#access';
import { BodyRoom, type HeldBodies } from '#http';
import {
  type Account,
  limitsOf,
  type Quotas,
  quotasOf,
  rateLimitHeaders,
  RateLimiter,
} from '#limits';
import { Clock } from '#platform';
import { batchTexts } from '#recording';
import type { Dialect } from './dialect.js';
import type { IncomingRequest } from './incoming-request.js';
import { IngestApiConfig } from './ingest-api.config.js';
import {
  itemsAccepted,
  itemsDuplicate,
  itemsRefused,
  requestsLimited,
} from './ingest-api.metrics.js';
import { IngestApiSink } from './ingest-api.sink.js';
import { LoopSlices } from './loop-slices.js';
import { parseItems } from './parse-items.js';
import type { Answer } from './steps/answer-error.js';
import { makeEventId, readIdempotencyKey } from './steps/make-event-id.js';
import { placeInTime } from './steps/place-in-time.js';
import { isRefusal, type Reading, type Refusal } from './steps/reading.js';
import {
  EMPTY_BODY,
  INVALID_UTF8,
  ITEMS_MAX,
  refuseLimited,
  refuseTooLarge,
  refuseUnrecorded,
} from './steps/refuse-request.js';
import { RequestOutcomes } from './steps/request-outcomes.js';
import { unpackBody } from './steps/unpack-body.js';

/** Longer bodies are read in slices, the full way. */
const SCANNED_BYTES_MAX = 1024 * 1024;
const SHORT_BYTES_MAX = 64 * 1024;

/** One request from its bytes to its answer, whatever its dialect. */
@Injectable()
export class IngestApiPipeline {
  private readonly quotas = new WeakMap<Principal, Quotas>();
  private readonly room: BodyRoom;

  constructor(
    private readonly sink: IngestApiSink,
    private readonly clock: Clock,
    private readonly config: IngestApiConfig,
    private readonly limiter: RateLimiter,
  ) {
    this.room = new BodyRoom(config.heldBodiesBytesMax);
  }

  /** @param spoken the dialects of the path: the last one takes what none before it recognises. */
  async take(request: IncomingRequest, spoken: readonly [...Dialect[], Dialect]): Promise<Answer> {
    const { id, principal } = request;
    const quotas = this.quotasFor(principal);
    const account = this.limiter.account(principal);
    const before = this.limiter.standing(account, quotas);
    if (before.exhausted !== null) {
      requestsLimited.inc({ limit: before.exhausted });
      const refusal = refuseLimited(before.exhausted, before.secondsLeft);
      const { status, headers, body } = dialectByKey(spoken, principal).assumed.refuse(refusal, id);
      const limits = rateLimitHeaders(quotas, before);
      const wait = { 'retry-after': String(before.secondsLeft) };
      return { status, headers: { ...headers, ...limits, ...wait }, body };
    }
    const held = this.room.open(principal.project);
    try {
      const admission = { account, held };
      const { status, headers, body } = await this.takeAdmitted(request, spoken, admission);
      const limits = rateLimitHeaders(quotas, this.limiter.standing(account, quotas));
      return { status, headers: { ...headers, ...limits }, body };
    } finally {
      held.release();
    }
  }

  /** The limits of the key's project: worked out once for as long as the key is remembered. */
  private quotasFor(principal: Principal): Quotas {
    const known = this.quotas.get(principal);
    if (known !== undefined) return known;
    const quotas = quotasOf(limitsOf(this.config.limits), principal.limits);
    this.quotas.set(principal, quotas);
    return quotas;
  }

  private async takeAdmitted(
    request: IncomingRequest,
    spoken: readonly [...Dialect[], Dialect],
    { account, held }: Admission,
  ): Promise<Answer> {
    const receivedAtMs = this.clock.now();
    const { id, principal } = request;
    this.limiter.spend(account, 'requests', 1);
    const { known, assumed } = dialectByKey(spoken, principal);
    const idempotencyKey = readIdempotencyKey(request.idempotencyKey);
    if (isRefusal(idempotencyKey)) return assumed.refuse(idempotencyKey, id);
    const bytes = await this.readBytes(request, { account, held });
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
    const { dialect, refusal, single } = takeScanned(opened) ?? (await takeParsed(opened));
    this.limiter.spend(account, 'events', outcomes.items.length);
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

  /** The body as it was before it was packed for the way. */
  private async readBytes(
    { readBody, contentType, contentEncoding }: IncomingRequest,
    { account, held }: Admission,
  ): Promise<Buffer | Refusal> {
    const { bodyBytesMax, unpackedBytesMax } = this.config;
    const body = await readBody(bodyBytesMax, held);
    if (body === undefined) return EMPTY_BODY;
    if (body === 'too_large') return refuseTooLarge(bodyBytesMax);
    if (body === 'no_room') return refuseUnrecorded('overloaded');
    this.limiter.spend(account, 'bytes', body.length);
    if (contentEncoding === undefined) return body;
    const linesMax = contentType === 'lines' ? ITEMS_MAX : Infinity;
    const hold = (more: number) => held.add(more);
    return unpackBody(body, contentEncoding, { bytesMax: unpackedBytesMax, linesMax, hold });
  }
}

/** The dialect, where the key tells it; and the one that is spoken unless the body says otherwise. */
function dialectByKey(
  spoken: readonly [...Dialect[], Dialect],
  principal: Principal,
): { known: Dialect | undefined; assumed: Dialect } {
  const known = spoken.find(({ recognises }) => recognises?.key(principal));
  return { known, assumed: known ?? spoken.at(-1)! };
}

/** What a request counts for, and the room that its bodies take. */
interface Admission {
  account: Account;
  held: HeldBodies;
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
  if (contentType !== 'json' || assumed.scan === undefined) return null;
  if (bytes.length > SCANNED_BYTES_MAX || !isAscii(bytes)) return null;
  const scanned = assumed.scan(bytes, bytes.toString('latin1'), receivedAtMs);
  if (scanned === null) return null;
  const { events, single } = scanned;
  events.forEach(({ id, source, json }, index) => {
    if (id !== undefined) return outcomes.take(id, source, json);
    const made = makeEventId(principal, idempotencyKey, index);
    outcomes.take(made, source, `{"id":"${made}",${json.slice(1)}`);
  });
  return { dialect: assumed, single };
}

/** The full way, item by item in slices. */
async function takeParsed(opened: OpenedRequest): Promise<Taken> {
  const { request, bytes, known, assumed, spoken } = opened;
  if (!isUtf8(bytes)) return { dialect: assumed, single: false, refusal: INVALID_UTF8 };
  const slices = new LoopSlices(bytes.length > SHORT_BYTES_MAX);
  const body = await parseItems(bytes, request.contentType, slices);
  if (isRefusal(body)) return { dialect: assumed, single: false, refusal: body };
  const { single } = body;
  const dialect = known ?? spoken.find(({ recognises }) => recognises?.body(body)) ?? assumed;
  const readings = dialect.read(body, request.principal);
  if (isRefusal(readings)) return { dialect, single, refusal: readings };
  let index = 0;
  for (const reading of readings) {
    takeReading(opened, reading, index);
    index += 1;
    if (slices.isOver) await slices.next();
  }
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
