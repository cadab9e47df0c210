import { Stripe } from 'stripe';
import type { Trouble } from './stripe-outcome.js';

/**
 * What an error of the SDK says about the call.
 * Anything that is not an answer of Stripe's, a timeout, a reset, an answer cut short, is ambiguous; so is a 409, which
 * says that the same write is still under way.
 * @throws what is no error of the SDK: that is a defect of ours.
 */
export function classifyTrouble(error: unknown): Trouble {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { statusCode: status = null, code, rawType, message } = error;
  return { kind: kindOf(status, rawType), code: code ?? rawType ?? null, status, message };
}

function kindOf(status: number | null, type: string | undefined): Trouble['kind'] {
  if (status === null || status === 409) return 'ambiguous';
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 429) return 'throttled';
  if (status >= 500 || type === 'idempotency_error') return 'key_spent';
  return 'refused';
}
