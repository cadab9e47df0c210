import { type ErrorDetail, errorBody } from '#http';
import type { Refusal } from './explain-refusal.js';

/** What became of one item of a request. */
export type ItemOutcome =
  | { status: 'accepted' | 'duplicate'; id: string }
  | { status: 'refused'; id: string | null; error: Refusal };

export interface Answer {
  status: number;
  body: string;
  accepted: number;
  duplicate: number;
  refused: number;
}

const DETAILS_MAX = 20;

/** The answer to a request: an entry for every item, in order. 202, or 400 when nothing was accepted and something refused. */
export function renderResults(
  outcomes: readonly ItemOutcome[],
  requestId: string,
  single: boolean,
): Answer {
  const counts = { accepted: 0, duplicate: 0, refused: 0 };
  let results = '';
  for (let index = 0; index < outcomes.length; index += 1) {
    const outcome = outcomes[index]!;
    counts[outcome.status] += 1;
    if (index > 0) results += ',';
    results += `{"index":${index},"id":${JSON.stringify(outcome.id)},"status":"${outcome.status}"`;
    results += outcome.status === 'refused' ? `,"error":${JSON.stringify(outcome.error)}}` : '}';
  }
  const { accepted, duplicate, refused } = counts;
  const summary = `"accepted":${accepted},"duplicate":${duplicate},"refused":${refused},"results":[${results}]}`;
  if (accepted > 0 || refused === 0) return { status: 202, body: `{${summary}`, ...counts };
  const error = JSON.stringify(refusalBody(outcomes, requestId, single));
  return { status: 400, body: `${error.slice(0, -1)},${summary}`, ...counts };
}

function refusalBody(outcomes: readonly ItemOutcome[], requestId: string, single: boolean) {
  const refusals = outcomes.flatMap((outcome, index) =>
    outcome.status === 'refused' ? [{ index, ...outcome.error }] : [],
  );
  const details: ErrorDetail[] = refusals.slice(0, DETAILS_MAX).map(({ index, field, message }) => {
    const path = single ? field : [`events[${index}]`, field].filter(Boolean).join('.');
    return { field: path ?? '', message };
  });
  const [first] = refusals;
  const message = single
    ? (first?.message ?? '')
    : `none of the ${outcomes.length} events was accepted; the first: ${first?.message}`;
  return errorBody(first?.code ?? 'invalid_event', message, requestId, details);
}
