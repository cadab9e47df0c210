import { type Selectable, sql } from 'kysely';
import { chargeFromDecimal, type InvoiceLine } from '#invoicing';
import { picoFromDecimal } from '#money';
import type { Postgres } from './database.js';
import type { InvoicesTable, InvoiceLinesTable } from './tables/invoices.js';

/** What is to be billed: who, for when, and the lines. */
export interface InvoicePlan {
  project: string;
  customer: string;
  period: string;
  /** 0 is the invoice of the period; 1 and on are its corrections. */
  correction: number;
  /** The decimal string that the lines were worked out with. */
  markup: string;
  /** The highest stored offset of `usage.recorded` by partition, read before the totals were. */
  storedTo: Record<string, string>;
  lines: readonly InvoiceLine[];
}

export interface FrozenInvoice extends InvoicePlan {
  id: string;
  stripeInvoice: string | null;
  finalizedAt: Date | null;
}

/** Invoices as they were frozen. */
export class Invoices {
  constructor(private readonly postgres: Postgres) {}

  /** The invoices of a project's period, or those of `customer`: of each customer in order, corrections after the first. */
  async find(project: string, period: string, customer?: string): Promise<FrozenInvoice[]> {
    const all = this.postgres
      .selectFrom('invoices')
      .selectAll()
      .where('project', '=', project)
      .where('period', '=', period)
      .orderBy('customer')
      .orderBy('correction');
    const rows = await (
      customer === undefined ? all : all.where('customer', '=', customer)
    ).execute();
    const lines = await this.linesOf(rows.map(({ id }) => id));
    return rows.map((row) => frozenInvoice(row, lines.get(row.id) ?? []));
  }

  private async linesOf(invoices: string[]): Promise<Map<string, LineRow[]>> {
    const rows = await this.postgres
      .selectFrom('invoice_lines')
      .selectAll()
      .where('invoice', '=', sql<string>`ANY(${invoices}::text[])`)
      .orderBy('position')
      .execute();
    return Map.groupBy(rows, ({ invoice }) => invoice);
  }
}

type LineRow = Selectable<InvoiceLinesTable>;

function frozenInvoice(row: Selectable<InvoicesTable>, lines: LineRow[]): FrozenInvoice {
  return {
    id: row.id,
    project: row.project,
    customer: row.customer,
    period: row.period,
    correction: row.correction,
    markup: row.markup,
    storedTo: row.stored_to,
    stripeInvoice: row.stripe_invoice_id,
    finalizedAt: row.finalized_at,
    lines: lines.map(lineOf),
  };
}

function lineOf(row: LineRow): InvoiceLine {
  return {
    lineKey: row.line_key,
    provider: row.provider,
    model: row.model,
    description: row.description,
    events: Number(row.events),
    costPico: exact(picoFromDecimal(row.cost), row.cost),
    charge: exact(chargeFromDecimal(row.charge), row.charge),
    amountCents: row.amount_cents,
    remainder: exact(chargeFromDecimal(row.remainder), row.remainder),
  };
}

function exact(amount: bigint | null, text: string): bigint {
  if (amount === null) throw new Error(`not an exact amount: ${text}`);
  return amount;
}
