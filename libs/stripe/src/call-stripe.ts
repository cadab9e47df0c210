import { setTimeout as delay } from 'node:timers/promises';
import type { Stripe } from 'stripe';
import { classifyTrouble } from './classify-trouble.js';
import { done, type Outcome } from './stripe-outcome.js';

/** How often a call is tried and how long it waits in between, with full jitter: between nothing and a bound that doubles. */
export interface Pace {
  readonly attemptsMax: number;
  readonly delayMs: number;
  readonly delayMsMax: number;
}

export const steadyPace: Pace = { attemptsMax: 4, delayMs: 250, delayMsMax: 4_000 };

/**
 * Tries a call until it is answered, refused, or out of attempts, and gives the last outcome.
 * The call must be safe to repeat: a read, or a write that carries the same idempotency key every time.
 */
export async function callStripe<T>(pace: Pace, call: () => Promise<T>): Promise<Outcome<T>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return done(await call());
    } catch (error) {
      const trouble = classifyTrouble(error);
      const isFinal = trouble.kind === 'refused' || trouble.kind === 'unauthorised';
      if (isFinal || attempt >= pace.attemptsMax) return { ok: false, trouble };
    }
    const bound = Math.min(pace.delayMs * 2 ** (attempt - 1), pace.delayMsMax);
    await delay(Math.random() * bound);
  }
}

const ONE_TRY = { attemptsMax: 1, delayMs: 0, delayMsMax: 0 };
const ONE_TRY_TIMEOUT_MS = 1_500;

/** Why Stripe cannot be used now: it does not answer, or not to this key. Null when it can. One cheap read. */
export async function unreachableReason(stripe: Stripe): Promise<string | null> {
  const answer = await callStripe(ONE_TRY, () =>
    stripe.customers.list({ limit: 1 }, { timeout: ONE_TRY_TIMEOUT_MS }),
  );
  return answer.ok ? null : `${answer.trouble.message} (${answer.trouble.kind})`;
}
