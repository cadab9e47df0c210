export { type Pace, steadyPace } from './call-stripe.js';
export {
  createStripe,
  StripeRefused,
  type StripeSettings,
  stripeSettingsProblem,
} from './create-stripe.js';
export type { BilledCustomer } from './stripe-customers.js';
export type { DraftLine, InvoiceDraft, StripeInvoice } from './stripe-invoices.js';
export type { Outcome, Trouble } from './stripe-outcome.js';
export { unreachableReason } from './call-stripe.js';
export type { WriteIntent, WriteIntents } from './write-once.js';
