import type { UsageTotal } from '#invoicing';

type OfCustomer = UsageTotal & { readonly customer: string | null };

/** Usage by customer; under null, what names none. */
export function groupByCustomer(
  usage: readonly OfCustomer[],
): Map<string | null, readonly UsageTotal[]> {
  return Map.groupBy(usage, ({ customer }) => customer);
}
