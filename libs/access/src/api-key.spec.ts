import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { mintApiKey, parseApiKey } from './api-key.js';

describe('an API key', () => {
  it('reads rk_<12>_<27>_<6>, all base 62, and never repeats', () => {
    const keys = Array.from({ length: 1000 }, () => mintApiKey().key);
    for (const key of keys)
      expect(key).toMatch(/^rk_[0-9A-Za-z]{12}_[0-9A-Za-z]{27}_[0-9A-Za-z]{6}$/);
    expect(new Set(keys).size).toBe(1000);
  });

  it('is parsed back to its id and the SHA-256 that is stored', () => {
    const { id, key, secretHash } = mintApiKey();
    expect(parseApiKey(key)).toEqual({ id, secretHash });
    expect(secretHash.toString('hex')).toBe(createHash('sha256').update(key).digest('hex'));
  });

  it('is refused by its checksum when any one character is mistyped', () => {
    const { key } = mintApiKey();
    for (let at = 3; at < key.length; at += 1) {
      if (key[at] === '_') continue;
      const typo = key.slice(0, at) + (key[at] === 'x' ? 'y' : 'x') + key.slice(at + 1);
      expect(parseApiKey(typo)).toBeNull();
    }
  });

  it('is refused when it is cut, padded or something else', () => {
    const { key } = mintApiKey();
    for (const text of [key.slice(0, -1), `${key}0`, ` ${key}`, `${key}\n`, '', 'sk-test', 'rk___'])
      expect(parseApiKey(text)).toBeNull();
  });
});
