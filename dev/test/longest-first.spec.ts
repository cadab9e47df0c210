import { describe, expect, it } from '@jest/globals';
import LongestFirst from './longest-first.js';

const order = new LongestFirst();
const files = ['small-b', 'test/e2e/bill', 'small-a', 'test/faults/failpoints', 'test/e2e/events'];
const tests = files.map((name) => ({ path: `/repository/dist/${name}.test.js` }));
const share = (shardIndex: number) =>
  order.shard(tests, { shardIndex, shardCount: 2 }).map(({ path }) => path);

describe('the order of test files', () => {
  it('begins with the longest', () => {
    expect(order.sort(tests)[0]?.path).toContain('failpoints');
  });

  it('gives each file to one process, and the longest one all the others as company', () => {
    expect(share(1)).toEqual(['/repository/dist/test/faults/failpoints.test.js']);
    expect([...share(1), ...share(2)].sort()).toEqual(tests.map(({ path }) => path).sort());
  });

  it('is the same in every process', () => {
    const reversed = order.shard(tests.toReversed(), { shardIndex: 2, shardCount: 2 });
    expect(reversed.map(({ path }) => path)).toEqual(share(2));
  });
});
