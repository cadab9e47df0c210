import { describe, expect, it } from '@jest/globals';
import { thresholdAmount } from './budget-limits.js';

describe('the amount of a threshold', () => {
  it.each([
    ['80%', '100', '80'],
    ['33.3333%', '0.01', '0.00333333'],
    ['1000%', '12.5', '125'],
    ['0.0001%', '0.000000000001', '0.000000000000000001'],
    ['7.25', '100', '7.25'],
  ])('%s of %s is %s', (threshold, limit, amount) => {
    expect(thresholdAmount(threshold, limit)).toBe(amount);
  });

  it('is refused for a share of what is no decimal', () => {
    expect(() => thresholdAmount('80%', 'much')).toThrow('not 80% of an amount: much');
  });
});
