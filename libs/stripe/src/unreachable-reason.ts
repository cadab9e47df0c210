import type { Stripe } from 'stripe';
import { callStripe } from './call-stripe.js';

const ONE_TRY = { attemptsMax: 1, delayMs: 0, delayMsMax: 0 };
const TIMEOUT_MS = 1_500;

/** Why Stripe cannot be used now: it does not answer, or not to this key. Null when it can. One cheap read. */
export async function unreachableReason(stripe: Stripe): Promise<string | null> {
  const answer = await callStripe(ONE_TRY, () =>
    stripe.customers.list({ limit: 1 }, { timeout: TIMEOUT_MS }),
  );
  return answer.ok ? null : `${answer.trouble.message} (${answer.trouble.kind})`;
}
