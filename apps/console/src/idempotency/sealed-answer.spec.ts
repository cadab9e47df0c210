import { describe, expect, it } from '@jest/globals';
import { openAnswer, sealAnswer } from './sealed-answer.js';

describe('a sealed answer', () => {
  const body = '{"id":"k1","key":"rk_secret"}';

  it('is opened by the key that sealed it and by no other', () => {
    const sealed = sealAnswer(body, 'rk_one');
    expect(openAnswer(sealed, 'rk_one')).toBe(body);
    expect(() => openAnswer(sealed, 'rk_two')).toThrow();
  });

  it('shows nothing of its content', () => {
    const sealed = sealAnswer(body, 'rk_one');
    expect(sealed.includes('rk_secret')).toBe(false);
    expect(sealAnswer(body, 'rk_one').equals(sealed)).toBe(false);
  });

  it('that was changed is not opened', () => {
    const sealed = sealAnswer(body, 'rk_one');
    sealed[sealed.length - 1]! ^= 1;
    expect(() => openAnswer(sealed, 'rk_one')).toThrow();
  });
});
