import type { ProjectOutcome } from '../customer-outcome.js';

/** What the command ends with, for whatever runs it. */
export const EXIT = {
  billed: 0,
  /** A customer has a problem, a total read back is not ours, or a project was refused. */
  incomplete: 1,
  wrongUsage: 2,
  /** Another run holds a project: nothing is wrong, and this run did not do all of it. */
  busy: 3,
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
  return outcomes.some(({ state }) => state === 'busy') ? EXIT.busy : EXIT.billed;
}
