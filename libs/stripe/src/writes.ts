/** What changes something at Stripe, and what reads back the same. In an app only a sink is given any of it. */
export { StripeCustomers } from './stripe-customers.js';
export { StripeInvoices } from './stripe-invoices.js';
