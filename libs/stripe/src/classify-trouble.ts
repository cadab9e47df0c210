import { Stripe } from 'stripe';
import type { Trouble } from './stripe-outcome.js';

/**
 * What an error of the SDK says about the call.
 * Anything that is not an answer of Stripe's, a timeout, a reset, an answer cut short, is ambiguous; so is a 409, which
 * says that the same write is still under way, and a 502 to 504, which come from in front of Stripe.
 * @throws what is no error of the SDK: that is a defect of ours.
 */
export function classifyTrouble(error: unknown): Trouble {
  if (!(error instanceof Stripe.errors.StripeError)) throw error;
  const { statusCode: status = null, code = null, message } = error;
  const isKeySpent = status === 500 || (status === 400 && error.rawType === 'idempotency_error');
  return {
    kind: isKeySpent ? 'key_spent' : kindOf(status),
    code: code ?? error.rawType ?? null,
    status,
    message,
  };
}

function kindOf(status: number | null): Trouble['kind'] {
  if (status === null) return 'ambiguous';
  if (status === 401 || status === 403) return 'unauthorised';
  if (status === 429) return 'throttled';
  if (status === 409 || status > 500) return 'ambiguous';
  return 'refused';
}
