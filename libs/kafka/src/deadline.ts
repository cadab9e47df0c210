/** Settles as `work` does, or throws after `timeoutMs`. The work itself goes on: its owner must be able to cut it. */
export async function withDeadline<T>(
  work: Promise<T>,
  timeoutMs: number,
  what: string,
): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`${what}: no answer within ${timeoutMs} ms`)),
    Math.max(timeoutMs, 0),
  );
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
