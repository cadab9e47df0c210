import { describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import { valuesOf } from './measure-usage.js';

describe('the values of an event', () => {
  it('in a property are those that it has itself', () => {
    const usage = { properties: { team: 'core', seats: 3, beta: false } } as unknown as PricedUsage;
    expect(valuesOf(usage, 'property.team')).toEqual(['core']);
    expect(valuesOf(usage, 'property.seats')).toEqual(['3']);
    expect(valuesOf(usage, 'property.beta')).toEqual(['false']);
    expect(valuesOf(usage, 'property.toString')).toEqual([]);
  });
});
