import DataLoader from 'dataloader';
import type { UsageSum, UsageSumAsked } from '#clickhouse';
import type { UsageSumsPort } from './counting.ports.js';

/**
 * Asks for several at once: what is asked for within a turn of the event loop, and then what has come while an answer was
 * under way. A new budget, or a restart, asks for every partition at nearly the same moment, and one query answers for all.
 */
export function gatherSums(port: UsageSumsPort): UsageSumsPort {
  /** Settles with the answer that is under way; null when none is. */
  let underWay: Promise<unknown> | null = null;
  const loader = new DataLoader<readonly UsageSumAsked[], UsageSum[][]>(
    async (questions) => {
      const asking = port.sums(questions.flat());
      underWay = Promise.allSettled([asking]).then(() => (underWay = null));
      const sums = await asking;
      let at = 0;
      return questions.map(({ length }) => sums.slice(at, (at += length)));
    },
    {
      cache: false,
      batchScheduleFn: (ask) => {
        if (underWay === null) setImmediate(ask);
        else void underWay.then(ask);
      },
    },
  );
  return { sums: (asked) => loader.load(asked) };
}
