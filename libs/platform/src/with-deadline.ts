/** Something did not happen in time; the message says what, and in how many milliseconds. */
export class DeadlinePassed extends Error {}

/**
 * Settles as `work` does, or throws `DeadlinePassed` after `timeoutMs`. Then the signal that `work` was given is aborted; what
 * does not heed it goes on, and its owner must be able to cut it.
 *
 * @param complaint what has not happened: "the SMTP server did not answer" becomes "the SMTP server did not answer within 500 ms"
 */
export async function withDeadline<T>(
  work: (signal: AbortSignal) => T | Promise<T>,
  timeoutMs: number,
  complaint: string,
): Promise<T> {
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const cut = new AbortController();
  const timer = setTimeout(
    () => {
      const passed = new DeadlinePassed(`${complaint} within ${timeoutMs} ms`);
      // First, so that nobody takes what the abortion makes of the work for its own failure.
      reject(passed);
      cut.abort(passed);
    },
    Math.max(timeoutMs, 0),
  );
  try {
    return await Promise.race([work(cut.signal), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
