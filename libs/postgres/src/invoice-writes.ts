import { randomUUID } from 'node:crypto';
import type { Insertable } from 'kysely';
import { decimalFromCharge, type InvoiceLine } from '#invoicing';
import { decimalFromPico } from '#money';
import type { Postgres } from './database.js';
import { type FrozenInvoice, type InvoicePlan, Invoices } from './invoices.js';
import type { InvoiceLinesTable } from './tables/invoices.js';

export interface FreezeOutcome {
  frozen: FrozenInvoice;
  /** False when somebody else was first: then its lines may be of other usage than the plan's. */
  isOurs: boolean;
}

/** Freezes invoices. A row is written before Stripe hears of it, and its totals never change. */
export class InvoiceWrites {
  constructor(private readonly postgres: Postgres) {}

  /** Freezes the plan, or gives what somebody else froze as the same correction of the same customer and period. */
  async freeze(plan: InvoicePlan): Promise<FreezeOutcome> {
    const id = `inv_${randomUUID()}`;
    await this.postgres.transaction().execute(async (transaction) => {
      const made = await transaction
        .insertInto('invoices')
        .values({
          id,
          project: plan.project,
          customer: plan.customer,
          period: plan.period,
          correction: plan.correction,
          markup: plan.markup,
          stored_to: JSON.stringify(plan.storedTo),
        })
        .onConflict((conflict) =>
          conflict.columns(['project', 'customer', 'period', 'correction']).doNothing(),
        )
        .executeTakeFirst();
      if (made.numInsertedOrUpdatedRows !== 1n || plan.lines.length === 0) return;
      await transaction
        .insertInto('invoice_lines')
        .values(plan.lines.map((line, position) => rowOf(id, line, position)))
        .execute();
    });
    const invoices = await new Invoices(this.postgres).find(
      plan.project,
      plan.period,
      plan.customer,
    );
    const frozen = invoices.find(({ correction }) => correction === plan.correction);
    if (frozen === undefined) throw new Error(`the invoice ${id} was frozen and is gone`);
    return { frozen, isOurs: frozen.id === id };
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
