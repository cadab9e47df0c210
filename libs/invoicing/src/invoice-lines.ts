import { createHash } from 'node:crypto';
import { chargeOf, remainderOf, roundToCents } from './charge.js';

/** What a customer used of one model in a period. */
export interface UsageTotal {
  readonly provider: string | null;
  readonly model: string | null;
  readonly events: number;
  /** Of `events`, those whose price is not known. They cost nothing yet, and are never billed as nothing. */
  readonly unpricedEvents: number;
  readonly costPico: bigint;
}

/** One line of an invoice. `charge = amountCents + remainder`, exactly. */
export interface InvoiceLine {
  /** Names the line within its invoice; the same for the same model in every run. */
  readonly lineKey: string;
  readonly provider: string | null;
  readonly model: string | null;
  readonly description: string;
  readonly events: number;
  readonly costPico: bigint;
  /** In 10^-24 dollars, as the remainder. */
  readonly charge: bigint;
  readonly amountCents: bigint;
  readonly remainder: bigint;
}

/** Stripe holds no more on an invoice. */
export const LINES_MAX = 250;
export const OTHER_MODELS = 'other models';
/** The key of the line that the cheapest models share. */
export const SHARED_LINE_KEY = 'other';

/**
 * A line for each model with events that have a price, the dearest first; beyond 250 lines the cheapest share one.
 * Each line is rounded once. The order of `totals` does not matter.
 */
export function invoiceLines(totals: readonly UsageTotal[], markup: bigint): InvoiceLine[] {
  const billable = totals
    .filter(({ events, unpricedEvents }) => events > unpricedEvents)
    .map((total) => ({ ...total, lineKey: lineKeyOf(total) }))
    .sort(dearestFirst);
  const single = billable.length > LINES_MAX ? billable.slice(0, LINES_MAX - 1) : billable;
  const shared = billable.slice(single.length);
  const lines = single.map((total) => lineOf(total, total.lineKey, nameOf(total), markup));
  return shared.length === 0 ? lines : [...lines, otherModels(shared, markup)];
}

/** What an invoice of these lines asks, in cents. */
export function amountOf(lines: readonly InvoiceLine[]): bigint {
  return lines.reduce((sum, { amountCents }) => sum + amountCents, 0n);
}

function otherModels(totals: readonly UsageTotal[], markup: bigint): InvoiceLine {
  const sum: UsageTotal = {
    provider: null,
    model: OTHER_MODELS,
    events: totals.reduce((events, total) => events + total.events, 0),
    unpricedEvents: totals.reduce((events, total) => events + total.unpricedEvents, 0),
    costPico: totals.reduce((cost, total) => cost + total.costPico, 0n),
  };
  return lineOf(sum, SHARED_LINE_KEY, `${totals.length} ${OTHER_MODELS}`, markup);
}

function lineOf(total: UsageTotal, lineKey: string, name: string, markup: bigint): InvoiceLine {
  const { provider, model, costPico } = total;
  const events = total.events - total.unpricedEvents;
  const charge = chargeOf(costPico, markup);
  const amountCents = roundToCents(charge);
  return {
    lineKey,
    provider,
    model,
    description: `${name}: ${events} ${events === 1 ? 'event' : 'events'}`,
    events,
    costPico,
    charge,
    amountCents,
    remainder: remainderOf(charge, amountCents),
  };
}

const NAME_LENGTH_MAX = 200;

type Named = Pick<UsageTotal, 'provider' | 'model'>;

export const nameOf = ({ provider, model }: Named): string =>
  [provider ?? 'unnamed provider', model ?? 'unnamed model']
    .map((name) => name.slice(0, NAME_LENGTH_MAX))
    .join(' ');

/** A digest, since names of any length and content come in. */
export const lineKeyOf = ({ provider, model }: Named): string =>
  createHash('sha256')
    .update(JSON.stringify([provider, model]))
    .digest('hex')
    .slice(0, 32);

function dearestFirst(
  a: UsageTotal & { lineKey: string },
  b: UsageTotal & { lineKey: string },
): number {
  if (a.costPico !== b.costPico) return a.costPico > b.costPico ? -1 : 1;
  return a.lineKey < b.lineKey ? -1 : 1;
}
