import { chargeOf, type InvoiceLine, type UsageTotal } from '#invoicing';

/**
 * What the usage stored by now comes to beyond what was frozen, at the markup that was frozen with it.
 * Costs never change and usage is only added, so the difference of the two sums is exactly the newer usage.
 */
export function unbilledCharge(
  usage: readonly UsageTotal[],
  frozenLines: readonly InvoiceLine[],
  markup: bigint,
): bigint {
  const sum = (parts: readonly { costPico: bigint }[]): bigint =>
    parts.reduce((total, { costPico }) => total + costPico, 0n);
  return chargeOf(sum(usage) - sum(frozenLines), markup);
}
