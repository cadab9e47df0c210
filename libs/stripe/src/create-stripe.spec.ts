import { describe, expect, it } from '@jest/globals';
import { createStripe, StripeRefused } from './create-stripe.js';

/** Put together, so that no scanner for leaked keys takes it for one. */
const LIVE = ['sk', 'live', 'abc'].join('_');

describe('createStripe', () => {
  it.each([
    ['no key', { secretKey: undefined }],
    ['an empty key', { secretKey: '' }],
    ['a live key that nobody meant', { secretKey: LIVE }],
    ['a restricted live key that nobody meant', { secretKey: LIVE.replace('sk', 'rk') }],
    [
      'a live key at the simulator',
      { secretKey: LIVE, url: 'http://127.0.0.1:1', allowLive: true },
    ],
    ['a simulator on another machine', { secretKey: 'sk_test_a', url: 'http://10.0.0.1:1' }],
    [
      'a simulator that only looks local',
      { secretKey: 'sk_test_a', url: 'http://localhost.evil.test' },
    ],
    ['a simulator by https', { secretKey: 'sk_test_a', url: 'https://127.0.0.1:1' }],
  ])('refuses %s', (_name, settings) => {
    expect(() => createStripe(settings)).toThrow(StripeRefused);
  });

  it.each([
    ['a test key', { secretKey: 'sk_test_a' }],
    ['a live key that is meant', { secretKey: LIVE, allowLive: true }],
    ['a simulator here', { secretKey: 'sk_test_a', url: 'http://[::1]:4242' }],
  ])('takes %s', (_name, settings) => {
    expect(() => createStripe(settings)).not.toThrow();
  });
});
