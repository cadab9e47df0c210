import { describe, expect, it } from '@jest/globals';
import { RequestOutcomes } from '../../steps/request-outcomes.js';
import { AFFORDAI } from './affordai.js';

const application = { id: 'app-1', provider: null, model: 'm', time_zone: 'UTC' };
const token = {
  project: 'p',
  keyId: 'k',
  scopes: ['ingest'],
  expiresAt: null,
  limits: {},
  application,
};
const key = { ...token, application: null };
const sent = {
  appId: 'app-1',
  eventType: 'text_gen',
  consumerId: 'user@example.com',
  inputTokens: 500,
  inputTokensCached: 100,
  outputTokens: 300,
};
const one = (item: unknown) => ({ items: [item], single: true });

describe("AffordAI's dialect", () => {
  it("is told by an application's token, or by a body that has both of its fields", () => {
    const { recognises } = AFFORDAI;
    expect([recognises?.key(token), recognises?.key(key)]).toEqual([true, false]);
    const bodies = [
      one(sent),
      one({ appId: 'app-1' }),
      one(null),
      { items: [sent], single: false },
      { items: [], single: false },
    ];
    expect(bodies.map((body) => recognises?.body(body))).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('maps what was sent, cached tokens inside the input, nulls as absent, strangers ignored', () => {
    expect(AFFORDAI.read(one(sent), token)).toEqual([
      {
        event: {
          source: 'affordai',
          customer: 'user@example.com',
          usage: { input_tokens: 500, cache_read_tokens: 100, output_tokens: 300 },
        },
      },
    ]);
    const least = { ...sent, consumerId: null, inputTokensCached: null, other: 1 };
    expect(AFFORDAI.read(one(least), token)).toEqual([
      { event: { source: 'affordai', usage: { input_tokens: 500, output_tokens: 300 } } },
    ]);
  });

  it.each([
    ['a list', { items: [sent], single: false }, token, 400, 'invalid_body', undefined],
    [
      'tokens as text',
      one({ ...sent, inputTokens: '5' }),
      token,
      400,
      'invalid_event',
      'inputTokens',
    ],
    ['a key of the project', one(sent), key, 403, 'application_token_required', undefined],
    [
      'another application',
      one({ ...sent, appId: 'b' }),
      token,
      403,
      'application_mismatch',
      'appId',
    ],
  ])('refuses %s as the request', (_what, body, principal, status, code, field) => {
    const refusal = AFFORDAI.read(body, principal);
    const answer = AFFORDAI.refuse(refusal as never, 'req_1');
    const { error } = JSON.parse(answer.body) as {
      error: { code: string; request_id: string; details: { field: string }[] };
    };
    expect([answer.status, error.code, error.request_id, error.details[0]?.field]).toEqual([
      status,
      code,
      'req_1',
      field,
    ]);
  });

  it('answers exactly 202 with the id of the event', () => {
    const outcomes = new RequestOutcomes('p');
    outcomes.take('e1', 'affordai', '{"id":"e1"}');
    const { status, body } = AFFORDAI.answer(outcomes, 'req_1', true);
    expect([status, body]).toEqual([
      202,
      '{"accepted":1,"duplicate":0,"refused":0,"results":[{"index":0,"id":"e1","status":"accepted"}]}',
    ]);
  });
});
