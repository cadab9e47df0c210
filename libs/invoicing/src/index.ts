export { type BillingPeriod, parseBillingPeriod } from './billing-period.js';
export {
  chargeFromDecimal,
  chargeOf,
  decimalFromCents,
  decimalFromCharge,
  parseMarkup,
} from './charge.js';
export { correctionLines } from './correction-lines.js';
export { amountOf, type InvoiceLine, invoiceLines, type UsageTotal } from './invoice-lines.js';
