import { describe, expect, it, jest } from '@jest/globals';
import { LogEndsReader } from './log-ends.js';

function reader(clusterId: () => Promise<string>) {
  let nowMs = 1_000_000;
  const topicEnds = jest.fn(() => Promise.resolve([{ partition: 0, low: '0', high: '7' }]));
  const ends = new LogEndsReader({ clusterId, topicEnds }, () => nowMs);
  return { ends, topicEnds, pass: (ms: number) => (nowMs += ms) };
}

describe('the ends of the log', () => {
  it('are asked once for all who ask within 200 ms, and again after', async () => {
    const { ends, topicEnds, pass } = reader(() => Promise.resolve('c1'));
    const [first] = await Promise.all([ends.read(), ends.read()]);
    expect(first).toEqual({ cluster: 'c1', askedAtMs: 1_000_000, highs: new Map([[0, 7n]]) });
    pass(199);
    expect((await ends.read())?.askedAtMs).toBe(1_000_000);
    expect(topicEnds).toHaveBeenCalledTimes(1);
    pass(1);
    expect((await ends.read())?.askedAtMs).toBe(1_000_200);
  });

  it('are unknown for a second when the brokers refuse, without asking again', async () => {
    const { ends, topicEnds, pass } = reader(() => Promise.reject(new Error('away')));
    expect(await ends.read()).toBeNull();
    pass(999);
    expect(await ends.read()).toBeNull();
    expect(topicEnds).toHaveBeenCalledTimes(1);
    pass(1);
    await ends.read();
    expect(topicEnds).toHaveBeenCalledTimes(2);
  });

  it('are unknown to who has waited half a second', async () => {
    const { ends } = reader(() => new Promise(() => undefined));
    expect(await ends.read()).toBeNull();
  });
});
