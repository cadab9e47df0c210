import type { StripeAccount } from '../platform/apps.js';

/** A key that would move real money was found and nobody asked for that. */
export class LiveStripeKeyRefused extends Error {}

/** Stripe itself when a key is configured, otherwise undefined: the simulator. Throws LiveStripeKeyRefused for a live key. */
export function chooseStripe(
  key: string | undefined,
  allowLive: boolean,
): StripeAccount | undefined {
  if (key === undefined || key === '') return undefined;
  if (/^[sr]k_live_/.test(key) && !allowLive) {
    throw new LiveStripeKeyRefused(
      'STRIPE_SECRET_KEY holds a live key, which bills real customers.\n' +
        'Unset it to use the simulator, use a test key, or insist with: npm start -- --allow-live-stripe',
    );
  }
  return { secretKey: key, allowLive };
}
