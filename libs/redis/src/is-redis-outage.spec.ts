import { describe, expect, it } from '@jest/globals';
import { isRedisOutage } from './is-redis-outage.js';

function replyError(message: string): Error {
  return Object.assign(new Error(message), { name: 'ReplyError' });
}

describe('an outage of Redis', () => {
  it.each([
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Command timed out'),
    replyError('LOADING Redis is loading the dataset in memory'),
  ])('is %p', (error) => expect(isRedisOutage(error)).toBe(true));

  it.each([
    replyError('WRONGTYPE Operation against a key holding the wrong kind of value'),
    new TypeError('x is not a function'),
    'a text',
  ])('is not %p', (error) => expect(isRedisOutage(error)).toBe(false));
});
