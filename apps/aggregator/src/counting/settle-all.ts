/** Waits until every piece of work has ended, then throws the first rejection: nothing goes on behind the caller's back. */
export async function settleAll<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
