import { describe, expect, it } from '@jest/globals';
import { LiveStripeKeyRefused, chooseStripe } from './choose-stripe.js';

describe('chooseStripe', () => {
  it('takes the simulator without a key and Stripe with a test key', () => {
    expect(chooseStripe(undefined, false)).toBeUndefined();
    expect(chooseStripe('', true)).toBeUndefined();
    expect(chooseStripe('sk_test_1', false)).toEqual({ secretKey: 'sk_test_1', allowLive: false });
  });

  it.each(['sk_live_1', 'rk_live_1'])('refuses %s unless told otherwise', (key) => {
    expect(() => chooseStripe(key, false)).toThrow(LiveStripeKeyRefused);
    expect(chooseStripe(key, true)).toEqual({ secretKey: key, allowLive: true });
  });
});
