/**
 * Calls `send` at a fixed rate whatever becomes of the calls before it: how long one waits never makes the next one late, so
 * that the times of a slow moment are all seen. What the process itself could not do in time is done at once behind it.
 * Resolves when all have settled; rejects with the first failure.
 */
export async function openLoop(
  { perSecond, durationMs }: { perSecond: number; durationMs: number },
  send: (n: number, dueAtMs: number) => Promise<void>,
): Promise<void> {
  const count = Math.round((perSecond * durationMs) / 1_000);
  const startedAt = performance.timeOrigin + performance.now();
  const sends: Promise<void>[] = [];
  await new Promise<void>((allSent) => {
    const sendDue = () => {
      const now = performance.timeOrigin + performance.now();
      for (;;) {
        const n = sends.length;
        if (n === count) return allSent();
        const dueAtMs = startedAt + (n * 1_000) / perSecond;
        if (dueAtMs > now) {
          setTimeout(sendDue, dueAtMs - now);
          return;
        }
        sends.push(send(n, dueAtMs));
      }
    };
    sendDue();
  });
  await Promise.all(sends);
}
