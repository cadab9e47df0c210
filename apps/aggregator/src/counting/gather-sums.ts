import type { UsageSum, UsageSumAsked } from '#clickhouse';
import type { UsageSumsPort } from './counting.ports.js';

interface Waiting {
  asked: readonly UsageSumAsked[];
  resolve: (sums: UsageSum[][]) => void;
  reject: (error: unknown) => void;
}

/**
 * Asks for several at once: what is asked for within a turn of the event loop, and then what has come while an answer was
 * under way. A new budget, or a restart, asks for every partition at nearly the same moment, and one query answers for all.
 */
export function gatherSums(port: UsageSumsPort): UsageSumsPort {
  let waiting: Waiting[] = [];
  let isAsking = false;
  const askTogether = async () => {
    for (let together = waiting; together.length > 0; together = waiting) {
      waiting = [];
      try {
        const sums = await port.sums(together.flatMap(({ asked }) => asked));
        let at = 0;
        for (const { asked, resolve } of together) resolve(sums.slice(at, (at += asked.length)));
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    isAsking = false;
  };
  return {
    sums: (asked) =>
      new Promise((resolve, reject) => {
        waiting.push({ asked, resolve, reject });
        if (isAsking) return;
        isAsking = true;
        setImmediate(() => void askTogether());
      }),
  };
}
