const CUSTOMERS_AT_ONCE = 4;

/** A few customers at a time, results in their order. After a failure no further one is begun, and those begun are awaited. */
export async function billEach<T>(
  customers: readonly (string | null)[],
  bill: (customer: string | null) => Promise<T>,
): Promise<T[]> {
  const outcomes: T[] = [];
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
