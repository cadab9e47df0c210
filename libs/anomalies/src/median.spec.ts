import { describe, expect, it } from '@jest/globals';
import { medianAmount, medianOf, quantileOf } from './median.js';

describe('the median', () => {
  it.each([
    [[7], 7],
    [[9, 1, 5], 5],
    [[10, 9, 1, 2], 5.5],
    [[100, 20, 3], 20],
  ])('of %j is %d', (values, median) => {
    expect(medianOf(values)).toBe(median);
  });

  it('of amounts is exact beyond 2^53, and rounded down between two', () => {
    const large = 2n ** 60n;
    expect(medianAmount([large + 3n, 1n, large + 1n])).toBe(large + 1n);
    expect(medianAmount([large + 4n, large + 1n])).toBe(large + 2n);
    expect(medianAmount([])).toBe(0n);
  });
});

describe('the quantile', () => {
  it('is the smallest value that so large a share does not exceed', () => {
    const tenth = [10, 3, 7, 1, 9, 2, 8, 4, 6, 5];
    expect(quantileOf(tenth, 0.9)).toBe(9);
    expect(quantileOf(tenth, 0.91)).toBe(10);
    expect(quantileOf([4], 0.9)).toBe(4);
  });
});
