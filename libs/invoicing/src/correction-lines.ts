import { chargeOf, remainderOf, roundToCents } from './charge.js';
import {
  type InvoiceLine,
  lineKeyOf,
  LINES_MAX,
  nameOf,
  OTHER_MODELS,
  SHARED_LINE_KEY,
  type UsageTotal,
} from './invoice-lines.js';

/** What one line key comes to, as it is stored now or as it was frozen so far. */
interface Share {
  provider: string | null;
  model: string | null;
  events: number;
  costPico: bigint;
  charge: bigint;
  amountCents: bigint;
}

/**
 * What has to be asked beyond the lines frozen so far, or given back: a line for each model whose cost is another one now,
 * the largest differences first. No more than one invoice holds; what is left is in the next call, once these are frozen.
 *
 * Cents are the rounded charge of all usage less the cents asked before: however many corrections there are, what a
 * customer is asked for a model is never more than half a cent off.
 *
 * @param totals all usage of the period as it is stored now
 * @param frozen the lines of the period's invoice and of its corrections, all at `markup`
 */
export function correctionLines(
  period: string,
  totals: readonly UsageTotal[],
  frozen: readonly InvoiceLine[],
  markup: bigint,
): InvoiceLine[] {
  const before = sharesOf(frozen.map((line) => [line.lineKey, line]));
  const now = storedShares(totals, before, markup);
  return [...new Set([...now.keys(), ...before.keys()])]
    .map((lineKey) => differenceLine(period, lineKey, now.get(lineKey), before.get(lineKey)))
    .filter(({ costPico }) => costPico !== 0n)
    .sort(largestFirst)
    .slice(0, LINES_MAX);
}

/** Models without a line of their own belong to the shared line, once there is one. */
function storedShares(
  totals: readonly UsageTotal[],
  before: ReadonlyMap<string, Share>,
  markup: bigint,
): Map<string, Share> {
  const billable = totals.filter(({ events, unpricedEvents }) => events > unpricedEvents);
  const shares = sharesOf(
    billable.map((total) => {
      const own = lineKeyOf(total);
      const isShared = before.has(SHARED_LINE_KEY) && !before.has(own);
      const share = {
        provider: isShared ? null : total.provider,
        model: isShared ? OTHER_MODELS : total.model,
        events: total.events - total.unpricedEvents,
        costPico: total.costPico,
        charge: chargeOf(total.costPico, markup),
        amountCents: 0n,
      };
      return [isShared ? SHARED_LINE_KEY : own, share];
    }),
  );
  for (const share of shares.values()) share.amountCents = roundToCents(share.charge);
  return shares;
}

/** Adds up what has the same key. */
function sharesOf(
  parts: readonly (readonly [lineKey: string, share: Share])[],
): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const [lineKey, { provider, model, ...sums }] of parts) {
    const share = shares.get(lineKey) ?? { provider, model, ...NOTHING };
    share.events += sums.events;
    share.costPico += sums.costPico;
    share.charge += sums.charge;
    share.amountCents += sums.amountCents;
    shares.set(lineKey, share);
  }
  return shares;
}

const NOTHING = { events: 0, costPico: 0n, charge: 0n, amountCents: 0n };

function differenceLine(
  period: string,
  lineKey: string,
  now: Share | undefined,
  before: Share | undefined,
): InvoiceLine {
  const { provider = null, model = null } = now ?? before ?? {};
  const [is, was] = [now ?? NOTHING, before ?? NOTHING];
  const events = is.events - was.events;
  const charge = is.charge - was.charge;
  const amountCents = is.amountCents - was.amountCents;
  const name = lineKey === SHARED_LINE_KEY ? OTHER_MODELS : nameOf({ provider, model });
  return {
    lineKey,
    provider,
    model,
    description: `correction of ${period}, ${name}: ${describeEvents(events)}`,
    events,
    costPico: is.costPico - was.costPico,
    charge,
    amountCents,
    remainder: remainderOf(charge, amountCents),
  };
}

function describeEvents(events: number): string {
  if (events === 0) return 'another cost of the same events';
  const count = Math.abs(events);
  return `${count} ${count === 1 ? 'event' : 'events'} ${events > 0 ? 'more' : 'fewer'}`;
}

function largestFirst(a: InvoiceLine, b: InvoiceLine): number {
  const [first, second] = [magnitude(a.costPico), magnitude(b.costPico)];
  if (first !== second) return first > second ? -1 : 1;
  return a.lineKey < b.lineKey ? -1 : 1;
}

const magnitude = (amount: bigint): bigint => (amount < 0n ? -amount : amount);
