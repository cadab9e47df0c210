export { type BillingPeriod, parseBillingPeriod } from './billing-period.js';
export { chargeOf, decimalFromCents, decimalFromCharge, parseMarkup } from './charge.js';
export { type InvoiceLine, invoiceLines, type UsageTotal } from './invoice-lines.js';
