import type { ProjectOutcome } from '../customer-outcome.js';

/** What the command ends with, for whatever runs it. */
export const EXIT = {
  billed: 0,
  /** A customer has a problem, a total read back is not ours, or a project was refused. */
  incomplete: 1,
  wrongUsage: 2,
  /** Another run holds a project: nothing is wrong, and this run did not do all of it. */
  busy: 3,
  /** All invoices are right, and usage of a period that is whole is on none: it has no price, or names no customer. */
  leftOver: 4,
} as const;

/** The worst that came of a run. */
export function exitStatus(outcomes: readonly ProjectOutcome[]): number {
  const isIncomplete = outcomes.some(
    (outcome) =>
      outcome.state === 'refused' ||
      (outcome.state === 'billed' &&
        outcome.customers.some(
          ({ settlement, amountCents }) =>
            settlement !== null &&
            (settlement.problem !== null || settlement.readBackCents !== amountCents),
        )),
  );
  if (isIncomplete) return EXIT.incomplete;
  if (outcomes.some(({ state }) => state === 'busy')) return EXIT.busy;
  return outcomes.some(leavesUsage) ? EXIT.leftOver : EXIT.billed;
}

/** Before a period is whole something is always left for later, so that this says nothing then. */
function leavesUsage(outcome: ProjectOutcome): boolean {
  return (
    outcome.state === 'billed' &&
    outcome.isClosed &&
    outcome.customers.some(({ unbilled, unpricedEvents }) => unbilled !== 0n || unpricedEvents > 0)
  );
}
