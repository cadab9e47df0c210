import { describe, expect, it } from '@jest/globals';
import { batchTexts } from './batch-texts.js';

const receipt = { requestId: 'req_1', receivedAtMs: Date.UTC(2026, 10, 21, 12, 0, 0, 5) };
const pieces = [
  { partition: 3, events: 2, json: '{"id":"a"},{"id":"b"}' },
  { partition: 7, events: 1, json: '{"id":"c"}' },
];

describe('the batches of a request', () => {
  it('carry its receipt, each with the events of its partition', () => {
    const sender = { project: 'p1', keyId: 'k1', application: null };
    const stamp = {
      project: 'p1',
      key: 'k1',
      request_id: 'req_1',
      received_at: '2026-11-21T12:00:00.005Z',
    };
    const batches = batchTexts({ ...receipt, sender }, pieces);
    expect(batches.map(({ json, ...place }) => [place, JSON.parse(json) as unknown])).toEqual([
      [
        { partition: 3, events: 2 },
        { ...stamp, events: [{ id: 'a' }, { id: 'b' }] },
      ],
      [
        { partition: 7, events: 1 },
        { ...stamp, events: [{ id: 'c' }] },
      ],
    ]);
  });

  it("say what the application's token says, whichever keys came before", () => {
    const application = { id: 'app', provider: null, model: 'm', time_zone: 'Europe/Berlin' };
    const senders = [
      { project: 'p1', keyId: 'k1', application: null },
      { project: 'p2', keyId: 'k2', application },
    ];
    const [, second] = senders.map((sender) => batchTexts({ ...receipt, sender }, pieces)[0]?.json);
    expect(JSON.parse(second ?? '')).toMatchObject({ project: 'p2', key: 'k2', application });
  });
});
