/** Each customer once, by name in code unit order, so that every run reads alike; usage without a customer comes last. */
export function orderCustomers(customers: readonly (string | null)[]): (string | null)[] {
  return [...new Set(customers)].sort((a, b) => {
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -1 : 1;
  });
}
