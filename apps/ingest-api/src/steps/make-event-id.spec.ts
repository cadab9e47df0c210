import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { makeEventId, readIdempotencyKey } from './make-event-id.js';

const stamp = (id: string) => ({ id, provider: null, model: 'm', time_zone: 'UTC' });
const key = { project: 'p', keyId: 'k1', application: null };
const token = { project: 'p', keyId: 'k1', application: stamp('a1') };

describe('an id made for an Idempotency-Key', () => {
  it.each([
    ['of a key', key, 'p\0key\0k1\0idem\x003'],
    ['of the only sender from before', { ...key, soleSender: true }, 'p\0idem\x003'],
    ["of an application's token", token, 'p\0application\0a1\0idem\x003'],
  ])('%s is half the SHA-256 of project, sender, key and place', (_of, sender, text) => {
    const expected = createHash('sha256').update(text).digest('hex').slice(0, 32);
    expect(makeEventId(sender, 'idem', 3)).toBe(expected);
  });

  it('stays the same when the token of the application is rotated', () => {
    expect(makeEventId({ ...token, keyId: 'k2' }, '1', 0)).toBe(makeEventId(token, '1', 0));
  });

  it('is another for every project, key, application, Idempotency-Key and place', () => {
    const ids = [
      makeEventId(key, '1', 0),
      makeEventId(key, '1', 1),
      makeEventId(key, '2', 0),
      makeEventId({ ...key, project: 'q' }, '1', 0),
      makeEventId({ ...key, keyId: 'k2' }, '1', 0),
      makeEventId(token, '1', 0),
      makeEventId({ ...token, application: stamp('a2') }, '1', 0),
      // An application that is named as a key is.
      makeEventId({ ...token, application: stamp('k1') }, '1', 0),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('an id without one', () => {
  it('is fresh every time', () => {
    expect(makeEventId(key, undefined, 0)).not.toBe(makeEventId(key, undefined, 0));
  });
});

describe('the header Idempotency-Key', () => {
  it.each([undefined, 'a', ' ~', 'x'.repeat(256)])('may be %j', (header) => {
    expect(readIdempotencyKey(header)).toBe(header);
  });

  it.each(['', 'x'.repeat(257), 'a\nb', 'é', '\x7f', ['a', 'b']].map((header) => [header]))(
    'may not be %j',
    (header) => {
      expect(readIdempotencyKey(header)).toEqual({
        code: 'invalid_idempotency_key',
        message: 'Idempotency-Key must be 1 to 256 visible characters',
        field: 'Idempotency-Key',
        detail: 'must be 1 to 256 visible characters',
      });
    },
  );
});
