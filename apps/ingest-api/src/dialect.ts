import type { Principal } from '#access';
import type { WireSchema } from './dto/json-schemas.js';
import type { Answer } from './steps/answer-error.js';
import type { Reading, Refusal } from './steps/reading.js';
import type { RequestOutcomes } from './steps/request-outcomes.js';
import type { SplitBody } from './steps/split-items.js';

/** An event whose text needs no change: it goes into the log as it came. */
export interface ScannedEvent {
  id: string | undefined;
  source: string | undefined;
  json: string;
}

export interface ScannedBody {
  events: ScannedEvent[];
  single: boolean;
}

/** What the page at `/docs` says of a dialect's bodies. */
export interface BodyPage {
  wire: WireSchema;
  /** Every form of a body, as JSON Schemas that may refer to the DTOs of the wire. */
  forms: readonly object[];
  /** Bodies that are taken as they stand, for whoever tries the page. */
  examples: Readonly<Record<string, { summary: string; value: object }>>;
}

/**
 * One wire format: how its bodies are read and its answers worded. All of it is pure. What is the same for every one of
 * them, from limits to recording, is the pipeline's.
 */
export interface Dialect {
  /** How it is told from others on the same path. Left out: it takes what none of them recognises. */
  recognises?: {
    /** By the key alone, before the body is read. */
    key: (principal: Principal) => boolean;
    body: (body: SplitBody) => boolean;
  };
  /**
   * The quick way, for bodies whose events can go into the log as they came; null for all others. It vouches only for
   * bodies that no other dialect recognises. `bytes` are ASCII, `text` is the same.
   */
  scan?: (bytes: Buffer, text: string, receivedAtMs: number) => ScannedBody | null;
  /** A reading for each item, in order, made when it is asked for; or why the request as a whole is not taken. */
  read: (body: SplitBody, principal: Principal) => Iterable<Reading> | Refusal;
  /** @param single one object stood alone, not in a list. */
  answer: (outcomes: RequestOutcomes, requestId: string, single: boolean) => Answer;
  /** The words for a request that is refused, or not certain to be durable, as a whole. */
  refuse: (refusal: Refusal, requestId: string) => Answer;
  page: BodyPage;
}
