import { Injectable } from '@nestjs/common';
import {
  amountOf,
  type BillingPeriod,
  invoiceLines,
  parseMarkup,
  type UsageTotal,
} from '#invoicing';
import { Clock } from '#platform';
import {
  BilledParties,
  type BilledProject,
  BillingLock,
  type FrozenInvoice,
  Invoices,
} from '#postgres';
import { BillingConfig } from './billing.config.js';
import { BillingSink, type Payer } from './billing.sink.js';
import type { CustomerOutcome, ProjectOutcome } from './customer-outcome.js';
import { orderCustomers } from './steps/order-customers.js';
import { refuseProject } from './steps/refuse-project.js';
import { unbilledCharge } from './steps/unbilled-charge.js';
import { warnOfPeriod } from './steps/warn-of-period.js';
import { UsageReader } from './usage-reader.js';

export interface BillingRun {
  readonly period: BillingPeriod;
  /** One project; all of them when absent. */
  readonly project?: string | undefined;
  /** Works everything out and writes nothing, here or at Stripe. */
  readonly dryRun: boolean;
}

interface ProjectRun extends BillingRun {
  readonly billed: BilledProject;
  readonly markup: bigint;
}

interface CustomerBill {
  readonly customer: string;
  readonly usage: readonly UsageTotal[];
  readonly earlier: FrozenInvoice | undefined;
  readonly payer: Payer;
  readonly storedTo: Record<string, string>;
}

const CUSTOMERS_AT_ONCE = 4;

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
    private readonly usage: UsageReader,
    private readonly sink: BillingSink,
  ) {}

  async bill(run: BillingRun): Promise<ProjectOutcome[]> {
    const outcomes: ProjectOutcome[] = [];
    for (const billed of await this.parties.projects(run.project)) {
      outcomes.push(await this.billProject(billed, run));
    }
    return outcomes;
  }

  private async billProject(billed: BilledProject, run: BillingRun): Promise<ProjectOutcome> {
    const about = {
      project: billed.id,
      warning: warnOfPeriod(run.period, new Date(this.clock.now())),
    };
    const reason = refuseProject(billed, this.config.isSimulated());
    if (reason !== null) return { ...about, state: 'refused', reason };
    const markup = parseMarkup(billed.markup);
    if (markup === null) {
      return { ...about, state: 'refused', reason: `its markup ${billed.markup} is no decimal` };
    }
    const work = () => this.billCustomers({ ...run, billed, markup });
    const customers = run.dryRun
      ? await work()
      : await this.lock.holding(billed.id, run.period.name, work);
    return customers === null
      ? { ...about, state: 'busy' }
      : { ...about, state: 'billed', customers };
  }

  private async billCustomers(run: ProjectRun): Promise<CustomerOutcome[]> {
    const project = run.billed.id;
    const { totals, storedTo } = await this.usage.read(project, run.period);
    const invoices = await this.invoices.find(project, run.period.name);
    const earlier = new Map(invoices.map((invoice) => [invoice.customer, invoice]));
    const parties = await this.parties.customers(project);
    return billEach(orderCustomers([...totals.keys(), ...earlier.keys()]), (customer) => {
      const usage = totals.get(customer) ?? [];
      if (customer === null) return Promise.resolve(leftAnonymous(run, usage));
      const party = parties.get(customer);
      const payer = {
        name: party?.name ?? null,
        email: party?.email ?? null,
        stripeCustomer: party?.stripe_customer_id ?? null,
      };
      return this.billCustomer(run, {
        customer,
        usage,
        earlier: earlier.get(customer),
        payer,
        storedTo,
      });
    });
  }

  private async billCustomer(run: ProjectRun, bill: CustomerBill): Promise<CustomerOutcome> {
    const { customer, usage, earlier, storedTo, payer } = bill;
    const project = run.billed.id;
    const lines = earlier?.lines ?? invoiceLines(usage, run.markup);
    const outcome: CustomerOutcome = {
      project,
      customer,
      lines,
      amountCents: amountOf(lines),
      unbilled: earlier === undefined ? 0n : unbilledSince(earlier, usage),
      unpricedEvents: countUnpriced(usage),
      settlement: null,
      note: null,
    };
    if (lines.length === 0) {
      return { ...outcome, note: 'no usage with a known price: there is nothing to invoice yet' };
    }
    if (run.dryRun) {
      const stripeInvoice = earlier?.stripeInvoice ?? null;
      return stripeInvoice === null
        ? outcome
        : { ...outcome, settlement: await this.sink.readBack(stripeInvoice) };
    }
    const period = run.period.name;
    const { markup } = run.billed;
    const frozen =
      earlier ?? (await this.sink.freeze({ project, customer, period, markup, storedTo, lines }));
    return { ...outcome, settlement: await this.sink.settle(frozen, payer, run.period) };
  }
}

function leftAnonymous(run: ProjectRun, usage: readonly UsageTotal[]): CustomerOutcome {
  return {
    project: run.billed.id,
    customer: null,
    lines: invoiceLines(usage, run.markup),
    amountCents: 0n,
    unbilled: unbilledCharge(usage, [], run.markup),
    unpricedEvents: countUnpriced(usage),
    settlement: null,
    note: 'usage that names no customer cannot be invoiced',
  };
}

function unbilledSince(earlier: FrozenInvoice, usage: readonly UsageTotal[]): bigint {
  const markup = parseMarkup(earlier.markup);
  if (markup === null) throw new Error(`invoice ${earlier.id} was frozen with no markup`);
  return unbilledCharge(usage, earlier.lines, markup);
}

const countUnpriced = (usage: readonly UsageTotal[]): number =>
  usage.reduce((count, { unpricedEvents }) => count + unpricedEvents, 0);

/** A few customers at a time, results in their order. After a failure no further one is begun, and those begun are awaited. */
async function billEach(
  customers: readonly (string | null)[],
  bill: (customer: string | null) => Promise<CustomerOutcome>,
): Promise<CustomerOutcome[]> {
  const outcomes: CustomerOutcome[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    try {
      while (next < customers.length) {
        const index = next;
        next += 1;
        outcomes[index] = await bill(customers[index] ?? null);
      }
    } catch (error) {
      next = customers.length;
      throw error;
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: CUSTOMERS_AT_ONCE }, worker));
  const failed = workers.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return outcomes;
}
