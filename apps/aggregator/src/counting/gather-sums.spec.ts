import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { UsageSum, UsageSumAsked } from '#clickhouse';
import { gatherSums } from './gather-sums.js';

const asked = (partition: number): UsageSumAsked => ({ partition }) as UsageSumAsked;
const sumOf = (partition: number): UsageSum[] => [{ amount: BigInt(partition) } as UsageSum];

function begin() {
  const questions: number[][] = [];
  const answers: PromiseWithResolvers<void>[] = [];
  const port = gatherSums({
    sums: async (all) => {
      questions.push(all.map(({ partition }) => partition));
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return all.map(({ partition }) => sumOf(partition));
    },
  });
  const ask = (...partitions: number[]) => port.sums(partitions.map(asked));
  return { questions, answers, ask };
}

describe('sums that are asked for at nearly the same moment', () => {
  it('are one question, and what comes while it is under way is the next', async () => {
    const { questions, answers, ask } = begin();
    const first = [ask(1, 2), ask(3)];
    await nextTurn();
    expect(questions).toEqual([[1, 2, 3]]);
    const later = [ask(4)];
    await nextTurn();
    later.push(ask(5, 6));
    await nextTurn();
    expect(questions).toHaveLength(1);
    answers[0]!.resolve();
    expect(await Promise.all(first)).toEqual([[sumOf(1), sumOf(2)], [sumOf(3)]]);
    await nextTurn();
    expect(questions).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    answers[1]!.resolve();
    expect(await Promise.all(later)).toEqual([[sumOf(4)], [sumOf(5), sumOf(6)]]);
  });

  it('are asked for again after they were answered', async () => {
    const { questions, answers, ask } = begin();
    for (const turn of [0, 1]) {
      const sums = ask(1);
      await nextTurn();
      answers[turn]!.resolve();
      expect(await sums).toEqual([sumOf(1)]);
    }
    expect(questions).toEqual([[1], [1]]);
  });

  it('fail together, and keep nobody from asking', async () => {
    const { questions, answers, ask } = begin();
    const failing = Promise.allSettled([ask(1), ask(2)]);
    await nextTurn();
    answers[0]!.reject(new Error('Timeout exceeded'));
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    const sums = ask(3);
    await nextTurn();
    answers[1]!.resolve();
    expect(await sums).toEqual([sumOf(3)]);
    expect(questions).toEqual([[1, 2], [3]]);
  });
});
