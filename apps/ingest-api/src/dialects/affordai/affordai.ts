import type { Dialect } from '../../dialect.js';
import { type Answer, answerError, JSON_HEADERS } from '../../steps/answer-error.js';
import type { Reading, Refusal } from '../../steps/reading.js';
import type { RequestOutcomes } from '../../steps/request-outcomes.js';
import type { SplitBody } from '../../steps/split-items.js';
import { AFFORDAI_WIRE, readAffordaiEvent } from './read-affordai-event.js';

const LIST: Refusal = {
  code: 'invalid_body',
  message: 'an application sends one event at a time',
  field: null,
};

/** The refusals of its own that are no plain 400. */
const STATUSES: Record<string, number> = {
  application_token_required: 403,
  application_mismatch: 403,
};

/** AffordAI's `POST /v1/events`: one event a request, refused as the request. Its clients take exactly 202 for success. */
export const AFFORDAI: Dialect = {
  recognises: { key: ({ application }) => application !== null, body: isAffordais },
  read({ items, single }, { application }): Iterable<Reading> | Refusal {
    if (!single) return LIST;
    const { event, refusal } = readAffordaiEvent(items[0], application);
    return refusal ?? [{ event }];
  },
  answer: answerRecorded,
  refuse: (refusal, requestId) => answerError(refusal, requestId, STATUSES[refusal.code]),
  page: {
    wire: AFFORDAI_WIRE,
    forms: [{ $ref: '#/components/schemas/AffordaiEventDto' }],
    examples: {
      affordai: {
        summary: "AffordAI's event, with the token of an application",
        value: {
          appId: 'your-application-id',
          eventType: 'text_gen',
          consumerId: 'user@example.com',
          inputTokens: 500,
          inputTokensCached: 100,
          outputTokens: 300,
        },
      },
    },
  },
};

/** A body that only AffordAI's clients send, whoever's key comes with it. */
function isAffordais({ items: [item], single }: SplitBody): boolean {
  return (
    single &&
    typeof item === 'object' &&
    item !== null &&
    Object.hasOwn(item, 'appId') &&
    Object.hasOwn(item, 'eventType')
  );
}

function answerRecorded({ items, accepted, duplicate, refused }: RequestOutcomes): Answer {
  const results = items.map(({ id, status }, index) => ({ index, id, status }));
  const body = JSON.stringify({ accepted, duplicate, refused, results });
  return { status: 202, headers: JSON_HEADERS, body };
}
