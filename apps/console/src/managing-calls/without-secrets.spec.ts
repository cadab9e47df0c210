import { describe, expect, it } from '@jest/globals';
import { withoutSecrets } from './without-secrets.js';

describe('withoutSecrets', () => {
  it('leaves out keys, tokens and signing secrets, however deep, and nothing else', () => {
    const made = {
      name: 'k',
      key: 'rk_0123_abc_def',
      nested: [{ secret: 'whsec_MQ==' }, { secret: 'sealed:k:abc' }],
      expires_at: null,
      markup: '1',
    };
    expect(withoutSecrets(made)).toEqual({
      ...made,
      key: '[left out]',
      nested: [{ secret: '[left out]' }, { secret: '[left out]' }],
    });
  });

  it('tells the size of what is too large, and keeps nothing that a database refuses', () => {
    expect(withoutSecrets({ text: 'x'.repeat(40_000) })).toEqual({ left_out_characters: 40_011 });
    expect(withoutSecrets({ a: 'b\0c', d: '\ud800' })).toEqual({ a: 'b\ufffdc', d: '\ufffd' });
    expect(withoutSecrets(undefined)).toBeUndefined();
  });
});
