import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DoorHarness } from './door-harness.js';

let door: DoorHarness;
let token: string;

beforeAll(async () => {
  door = await DoorHarness.open();
  token = await door.createApplication('app-1');
});

afterAll(() => door.close());

const event = {
  appId: 'app-1',
  eventType: 'text_gen',
  consumerId: 'user@example.com',
  inputTokens: 500,
  inputTokensCached: 100,
  outputTokens: 300,
};

describe("AffordAI's POST /v1/events", () => {
  it('is answered exactly 202, and recorded with what the application says about it', async () => {
    const { status, body } = await door.post(token, event);
    expect(status).toBe(202);
    const id = body.results[0]?.id ?? '';
    await door.recorded([id]);
    const batch = door.batches.find(({ events }) => events.some((known) => known.id === id));
    expect(batch?.application).toEqual({
      id: 'app-1',
      provider: 'openai',
      model: 'gpt-4o',
      time_zone: 'Europe/Berlin',
    });
    expect(batch?.events).toEqual([
      {
        id,
        source: 'affordai',
        customer: 'user@example.com',
        usage: { input_tokens: 500, cache_read_tokens: 100, output_tokens: 300 },
      },
    ]);
  });

  it('takes no cached tokens, zero of them, and a consumer that is null or absent', async () => {
    const { inputTokensCached: _, consumerId: __, ...least } = event;
    const bodies = [{ ...event, inputTokensCached: 0 }, { ...event, consumerId: null }, least];
    const ids = [];
    for (const body of bodies) {
      const answer = await door.post(token, body);
      expect(answer.status).toBe(202);
      ids.push(answer.body.results[0]?.id ?? '');
    }
    const events = await door.recorded(ids);
    const usages = ids.map((id) => events.find((known) => known.id === id));
    expect(usages.map((known) => [known?.customer, known?.usage?.cache_read_tokens])).toEqual([
      ['user@example.com', 0],
      [undefined, 100],
      [undefined, undefined],
    ]);
  });

  it('counts equal bodies as two calls, and a retry with the same Idempotency-Key as one', async () => {
    const id = async (headers = {}) => (await door.post(token, event, headers)).body.results[0]?.id;
    expect(await id()).not.toBe(await id());
    expect(await id({ 'idempotency-key': 'call-1' })).toBe(
      await id({ 'idempotency-key': 'call-1' }),
    );
  });

  it('keeps the calls of two applications apart that send the same Idempotency-Key', async () => {
    const other = await door.createApplication('app-3');
    const headers = { 'idempotency-key': '1' };
    const [mine, theirs] = [
      await door.post(token, event, headers),
      await door.post(other, { ...event, appId: 'app-3' }, headers),
    ];
    const ids = [mine, theirs].map(({ body }) => body.results[0]?.id ?? '');
    expect(ids[0]).not.toBe(ids[1]);
    await door.recorded(ids);
  });

  it.each([
    ['no appId', { ...event, appId: undefined }, 'appId'],
    ['an empty appId', { ...event, appId: '' }, 'appId'],
    ['another type', { ...event, eventType: 'image_gen' }, 'eventType'],
    ['a consumer that is no text', { ...event, consumerId: 5 }, 'consumerId'],
    ['tokens as text', { ...event, inputTokens: '500' }, 'inputTokens'],
    ['negative tokens', { ...event, outputTokens: -1 }, 'outputTokens'],
    ['no output', { ...event, outputTokens: undefined }, 'outputTokens'],
  ])('refuses %s with 400 and JSON that names the field', async (_, body, field) => {
    const answer = await door.post(token, body);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'invalid_event']);
    expect(answer.body.error.details[0]?.field).toBe(field);
  });

  it('refuses comments inside JSON as malformed', async () => {
    const { status, body } = await door.post(
      token,
      '{"appId": "app-1", // unique application id\n"eventType": "text_gen"}',
    );
    expect([status, body.error.code]).toEqual([400, 'malformed_json']);
  });

  it('refuses a wrong token with 401, and the token of another application or a key of the project with 403', async () => {
    const { key } = await door.mintKey();
    const other = await door.createApplication('app-2');
    const answers = [
      await door.post('wrong', event),
      await door.post(other, event),
      await door.post(key, event),
    ];
    expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual([
      [401, 'unknown_key'],
      [403, 'application_mismatch'],
      [403, 'application_token_required'],
    ]);
  });

  it('keeps away from the door of Moesif, which is not open', async () => {
    const answer = await door.post(token, event, { 'x-moesif-application-id': 'x'.repeat(60) });
    expect([answer.status, answer.body.error.code]).toEqual([404, 'moesif_not_served']);
  });
});
