import { describe, expect, it } from '@jest/globals';
import { continueFrom } from './continue-from.js';

describe('where a partition goes on', () => {
  it.each([
    ['at the offset that is due', '7', '3', '9', '7', 0n],
    ['at the end when all is read', '9', '3', '9', '9', 0n],
    ['at the beginning of a log that nobody has read', undefined, '0', '9', '0', 0n],
    ['at the first record held; what was due before it is lost', '2', '5', '9', '5', 3n],
    [
      'at the first record held when nothing was ever read and some is gone',
      undefined,
      '5',
      '9',
      '5',
      5n,
    ],
    ['at the first record held when the end was cut off', '12', '3', '9', '3', 3n],
    [
      'exactly, beyond the safe integers',
      '9007199254740993',
      '9007199254740994',
      '9007199254740999',
      '9007199254740994',
      1n,
    ],
  ])('is %s', (_case, due, low, high, from, lostRecords) => {
    expect(continueFrom(due, { low, high })).toEqual({ from, lostRecords });
  });
});
