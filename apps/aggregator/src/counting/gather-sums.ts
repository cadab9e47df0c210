import type { UsageSum, UsageSumAsked } from '#clickhouse';
import type { UsageSumsPort } from './counting.ports.js';

interface Waiting {
  asked: readonly UsageSumAsked[];
  resolve: (sums: UsageSum[][]) => void;
  reject: (error: unknown) => void;
}

/**
 * Asks at once for what is asked for within a turn of the event loop: a new budget is seeded in every partition at the
 * same moment, and one query answers for all of them.
 */
export function gatherSums(port: UsageSumsPort): UsageSumsPort {
  let waiting: Waiting[] = [];
  const askTogether = async () => {
    const together = waiting;
    waiting = [];
    try {
      const sums = await port.sums(together.flatMap(({ asked }) => asked));
      let at = 0;
      for (const { asked, resolve } of together) resolve(sums.slice(at, (at += asked.length)));
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  };
  return {
    sums: (asked) =>
      new Promise((resolve, reject) => {
        if (waiting.push({ asked, resolve, reject }) === 1) setImmediate(() => void askTogether());
      }),
  };
}
