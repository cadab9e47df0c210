import type { BillReport, CustomerReport } from './report-bill.js';

/** The bill for a person to read: the same facts as the JSON, customer by customer. */
export function formatBill(report: BillReport): string {
  const title = `Bill for ${report.period} (UTC)${report.project === null ? '' : ` of project ${report.project}`}`;
  const customers = report.customers.map((customer) => formatCustomer(customer, report.project));
  return [
    title,
    ...report.warnings.map((warning) => `! ${warning}`),
    '',
    ...(customers.length === 0 ? ['There is nothing to bill.', ''] : customers),
    `difference between Stripe and our invoices: ${report.difference}`,
    '',
  ].join('\n');
}

function formatCustomer(report: CustomerReport, project: string | null): string {
  const correction = report.correction === 0 ? '' : `, correction ${report.correction}`;
  const name = `${report.customer ?? '(no customer)'}${correction}`;
  const invoice =
    report.stripe_invoice === null
      ? 'no invoice'
      : `${report.stripe_invoice} (${report.stripe_status ?? 'unknown'})`;
  const facts = [
    `cost ${report.cost}`,
    `amount ${report.amount}`,
    `remainder ${report.remainder}`,
    `read back ${report.read_back ?? '-'}`,
    `difference ${report.difference ?? '-'}`,
    `unbilled ${report.unbilled}`,
  ];
  return [
    `${project === null ? `${report.project} / ` : ''}${name}  ${invoice}`,
    ...report.lines.map(
      ({ description, cost, amount, remainder }) =>
        `  ${description}  cost ${cost}  amount ${amount}  remainder ${remainder}`,
    ),
    `  ${facts.join('  ')}`,
    ...(report.unpriced_events > 0
      ? [`  ${report.unpriced_events} events have no known price and are not billed`]
      : []),
    ...(report.note === null ? [] : [`  note: ${report.note}`]),
    ...(report.problem === null ? [] : [`  PROBLEM: ${report.problem}`]),
    '',
  ].join('\n');
}
