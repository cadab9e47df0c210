import { Injectable } from '@nestjs/common';
import { type BillingPeriod, invoiceLines, parseMarkup, type UsageTotal } from '#invoicing';
import { Clock } from '#platform';
import { BilledParties, type BilledProject, BillingLock, Invoices } from '#postgres';
import { billEach } from './bill-each.js';
import { BillingConfig } from './billing.config.js';
import { CustomerBilling, type ProjectTerms } from './customer-billing.js';
import type { CustomerOutcome, ProjectOutcome } from './customer-outcome.js';
import { openReason } from './steps/open-reason.js';
import { orderCustomers } from './steps/order-customers.js';
import { refuseProject } from './steps/refuse-project.js';
import { unbilledCharge } from './steps/unbilled-charge.js';
import { UsageFreshness } from './usage-freshness.js';
import { UsageReader } from './usage-reader.js';

export interface BillingRun {
  readonly period: BillingPeriod;
  /** One project; all of them when absent. */
  readonly project?: string | undefined;
  /** Works everything out and writes nothing, here or at Stripe. */
  readonly dryRun: boolean;
  /** Bills a period whose usage is not whole yet, which freezes what is there. */
  readonly early: boolean;
}

type OpenTerms = Omit<ProjectTerms, 'storedTo'>;

/**
 * A period in, the outcome of every customer out: read the usage, plan what is new, freeze it, settle it at Stripe.
 * A customer that fails does not hold up the others. Throws when a store is away, or Stripe refuses our key.
 */
@Injectable()
export class BillingPipeline {
  constructor(
    private readonly config: BillingConfig,
    private readonly clock: Clock,
    private readonly parties: BilledParties,
    private readonly invoices: Invoices,
    private readonly lock: BillingLock,
    private readonly freshness: UsageFreshness,
    private readonly usage: UsageReader,
    private readonly customers: CustomerBilling,
  ) {}

  async bill(run: BillingRun): Promise<ProjectOutcome[]> {
    // Asked before anything is read: what was stored by then is in what is read.
    const freshToMs = await this.freshness.freshToMs();
    const open = openReason(run.period, this.clock.now(), freshToMs);
    const outcomes: ProjectOutcome[] = [];
    for (const billed of await this.parties.projects(run.project)) {
      outcomes.push(await this.billProject(billed, run, open));
    }
    return outcomes;
  }

  /** @param open why the period's usage is not whole; null when it is */
  private async billProject(
    billed: BilledProject,
    run: BillingRun,
    open: string | null,
  ): Promise<ProjectOutcome> {
    const about = { project: billed.id, warning: open && `${open}: ${LATER}` };
    const markup = parseMarkup(billed.markup);
    if (markup === null) {
      return { ...about, state: 'refused', reason: `its markup ${billed.markup} is no decimal` };
    }
    const reason = refuseProject(billed, this.config.isSimulated()) ?? refuseOpen(run, open);
    if (reason !== null) return { ...about, state: 'refused', reason };
    const terms = {
      project: billed.id,
      period: run.period,
      markup: { text: billed.markup, value: markup },
      dryRun: run.dryRun,
      isClosed: open === null,
    };
    const work = () => this.billCustomers(terms);
    const customers = run.dryRun
      ? await work()
      : await this.lock.holding(billed.id, run.period.name, work);
    return customers === null
      ? { ...about, state: 'busy' }
      : { ...about, state: 'billed', isClosed: terms.isClosed, customers };
  }

  private async billCustomers(open: OpenTerms): Promise<CustomerOutcome[]> {
    const { project, period } = open;
    // Invoices first: usage that is read after them holds all that they were made of, so that none is taken for too high.
    const invoices = await this.invoices.find(project, period.name);
    const { totals, storedTo } = await this.usage.read(project, period);
    const terms = { ...open, storedTo };
    const earlier = Map.groupBy(invoices, ({ customer }) => customer);
    const parties = await this.parties.customers(project);
    const billed = await billEach(
      orderCustomers([...totals.keys(), ...earlier.keys()]),
      async (customer) => {
        const usage = totals.get(customer) ?? [];
        if (customer === null) return [leftAnonymous(terms, usage)];
        const party = parties.get(customer);
        const payer = {
          name: party?.name ?? null,
          email: party?.email ?? null,
          stripeCustomer: party?.stripe_customer_id ?? null,
        };
        return this.customers.bill(terms, {
          customer,
          usage,
          earlier: earlier.get(customer) ?? [],
          payer,
        });
      },
    );
    return billed.flat();
  }
}

const LATER = 'what comes later shows as unbilled until the period can be corrected';

function refuseOpen({ dryRun, early }: BillingRun, open: string | null): string | null {
  if (open === null || dryRun || early) return null;
  return `${open}; --early freezes and bills what is there`;
}

function leftAnonymous(
  { project, markup }: ProjectTerms,
  usage: readonly UsageTotal[],
): CustomerOutcome {
  return {
    project,
    customer: null,
    correction: 0,
    lines: invoiceLines(usage, markup.value),
    amountCents: 0n,
    unbilled: unbilledCharge(usage, [], markup.value),
    unpricedEvents: usage.reduce((count, { unpricedEvents }) => count + unpricedEvents, 0),
    settlement: null,
    note: 'usage that names no customer cannot be invoiced',
  };
}
