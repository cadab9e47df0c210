import { type ErrorDetail, errorBody } from '#http';
import { type Answer, JSON_HEADERS } from '../../steps/answer-error.js';
import type { ItemOutcome, RequestOutcomes } from '../../steps/request-outcomes.js';

const DETAILS_MAX = 20;

/** The answer to a request: an entry for every item, in order. 202, or 400 when nothing was accepted and something refused. */
export function answerResults(
  { items, accepted, duplicate, refused }: RequestOutcomes,
  requestId: string,
  single: boolean,
): Answer {
  let results = '';
  for (let index = 0; index < items.length; index += 1) {
    const outcome = items[index]!;
    if (index > 0) results += ',';
    results += `{"index":${index},"id":${JSON.stringify(outcome.id)},"status":"${outcome.status}"`;
    results += outcome.status === 'refused' ? `,"error":${JSON.stringify(outcome.error)}}` : '}';
  }
  const summary = `"accepted":${accepted},"duplicate":${duplicate},"refused":${refused},"results":[${results}]}`;
  if (accepted > 0 || refused === 0)
    return { status: 202, headers: JSON_HEADERS, body: `{${summary}` };
  const error = JSON.stringify(refusalBody(items, requestId, single));
  return { status: 400, headers: JSON_HEADERS, body: `${error.slice(0, -1)},${summary}` };
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
