import { randomUUID } from 'node:crypto';
import { type Insertable, type Selectable, sql } from 'kysely';
import { chargeFromDecimal, decimalFromCharge, type InvoiceLine } from '#invoicing';
import { decimalFromPico, picoFromDecimal } from '#money';
import type { Postgres } from './database.js';
import type { InvoicesTable, InvoiceLinesTable } from './tables/invoices.js';

/** What is to be billed: who, for when, and the lines. */
export interface InvoicePlan {
  project: string;
  customer: string;
  period: string;
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

/** Invoices as they were frozen. A row is written before Stripe hears of it, and its totals never change. */
export class Invoices {
  constructor(private readonly postgres: Postgres) {}

  /** Freezes the plan, or gives what was frozen for the same customer and period before. */
  async freeze(plan: InvoicePlan): Promise<FrozenInvoice> {
    const id = `inv_${randomUUID()}`;
    await this.postgres.transaction().execute(async (transaction) => {
      const made = await transaction
        .insertInto('invoices')
        .values({
          id,
          project: plan.project,
          customer: plan.customer,
          period: plan.period,
          markup: plan.markup,
          stored_to: JSON.stringify(plan.storedTo),
        })
        .onConflict((conflict) => conflict.columns(['project', 'customer', 'period']).doNothing())
        .executeTakeFirst();
      if (made.numInsertedOrUpdatedRows !== 1n || plan.lines.length === 0) return;
      await transaction
        .insertInto('invoice_lines')
        .values(plan.lines.map((line, position) => rowOf(id, line, position)))
        .execute();
    });
    const [frozen] = await this.find(plan.project, plan.period, plan.customer);
    if (frozen === undefined) throw new Error(`the invoice ${id} was frozen and is gone`);
    return frozen;
  }

  /** The invoices of a project's period, or the one of `customer`. */
  async find(project: string, period: string, customer?: string): Promise<FrozenInvoice[]> {
    const all = this.postgres
      .selectFrom('invoices')
      .selectAll()
      .where('project', '=', project)
      .where('period', '=', period);
    const rows = await (
      customer === undefined ? all : all.where('customer', '=', customer)
    ).execute();
    const lines = await this.linesOf(rows.map(({ id }) => id));
    return rows.map((row) => frozenInvoice(row, lines.get(row.id) ?? []));
  }

  async bindStripeInvoice(id: string, stripeInvoice: string): Promise<void> {
    await this.postgres
      .updateTable('invoices')
      .set({ stripe_invoice_id: stripeInvoice })
      .where('id', '=', id)
      .execute();
  }

  async markFinalized(id: string, at: Date): Promise<void> {
    await this.postgres
      .updateTable('invoices')
      .set({ finalized_at: at })
      .where('id', '=', id)
      .where('finalized_at', 'is', null)
      .execute();
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

function rowOf(
  invoice: string,
  line: InvoiceLine,
  position: number,
): Insertable<InvoiceLinesTable> {
  return {
    invoice,
    line_key: line.lineKey,
    position,
    provider: line.provider,
    model: line.model,
    description: line.description,
    events: BigInt(line.events),
    cost: decimalFromPico(line.costPico),
    charge: decimalFromCharge(line.charge),
    amount_cents: line.amountCents,
  };
}

function exact(amount: bigint | null, text: string): bigint {
  if (amount === null) throw new Error(`not an exact amount: ${text}`);
  return amount;
}
