import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#platform';
import { type KeyUse, KeyUses } from './key-uses.js';

describe('KeyUses', () => {
  let written: KeyUse[][];
  let isAway: boolean;
  let uses: KeyUses;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000 });
    written = [];
    isAway = false;
    uses = new KeyUses(
      (slice) => {
        if (isAway) return Promise.reject(new Error('away'));
        written.push(slice);
        return Promise.resolve();
      },
      createLogger('test', 'fatal'),
    );
    uses.start();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('writes once a minute, however often a key is used, and nothing when none was', async () => {
    for (let times = 0; times < 10_000; times += 1) uses.note('a');
    expect(written).toEqual([]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(written).toEqual([[{ id: 'a', at: new Date(1_000) }]]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(written).toHaveLength(1);
  });

  it('keeps what could not be written, unless the key was used again', async () => {
    isAway = true;
    uses.note('a');
    uses.note('b');
    await jest.advanceTimersByTimeAsync(60_000);
    uses.note('b');
    isAway = false;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(written.flat()).toEqual(
      expect.arrayContaining([
        { id: 'a', at: new Date(1_000) },
        { id: 'b', at: new Date(61_000) },
      ]),
    );
    expect(written.flat()).toHaveLength(2);
  });

  it('writes many in slices, and the rest when it stops', async () => {
    for (let id = 0; id < 2_500; id += 1) uses.note(`k${id}`);
    await uses.stop();
    expect(written.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  });
});
