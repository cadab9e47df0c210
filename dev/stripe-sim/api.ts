import { ApiError } from './api-error.js';
import { fingerprintOf, type Idempotency } from './idempotency.js';
import { RequestParams } from './request-params.js';
import type { Handle } from './route.js';
import type { Store } from './store.js';
import type { Answer } from './tables.js';

/** One authorised call of the Stripe API, its body read. */
export interface ApiRequest {
  method: string;
  path: string;
  query: string;
  body: string;
  idempotencyKey: string | null;
  /** What its route does, and the id in its path. */
  handle: Handle;
  id: string;
}

/**
 * Answers a call. When this returns, what it changed and what its key will replay are both durable, in one journal line.
 * `disguise` is the answer that a fault puts in the true one's place; the key then replays the disguise.
 */
export function answerCall(
  { store, idempotency }: { store: Store; idempotency: Idempotency },
  request: ApiRequest,
  disguise: (answer: Answer) => Answer = (answer) => answer,
): Answer & { replayed: boolean } {
  const { method, path, query, body, handle, id } = request;
  const key = method === 'POST' ? request.idempotencyKey : null;
  const fingerprint = fingerprintOf(method, path, body);
  const saved = key === null ? undefined : idempotency.find(key, fingerprint);
  if (saved !== undefined) return { ...saved, replayed: true };

  const save = (answer: Answer): Answer => {
    if (key !== null) idempotency.save(key, fingerprint, answer);
    return answer;
  };
  try {
    return store.transaction(() => {
      const params = RequestParams.ofForm(method === 'POST' ? body : query);
      return {
        ...save(disguise({ status: 200, body: handle({ store, params, id }) })),
        replayed: false,
      };
    });
  } catch (error) {
    if (!(error instanceof ApiError) || !error.saved) throw error;
    return {
      ...store.transaction(() => save({ status: error.status, body: error.body })),
      replayed: false,
    };
  }
}

/** Refuses the call before it takes effect; a 5xx is kept under its key, as Stripe keeps its own. */
export function refuseCall(
  { store, idempotency }: { store: Store; idempotency: Idempotency },
  request: ApiRequest,
  answer: Answer,
): Answer {
  const { method, path, body, idempotencyKey: key } = request;
  if (method === 'POST' && key !== null && answer.status >= 500) {
    store.transaction(() => idempotency.save(key, fingerprintOf(method, path, body), answer));
  }
  return answer;
}
