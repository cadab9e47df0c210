import { describe, expect, it } from '@jest/globals';
import type { PricedUsage } from '#contracts';
import { dimensionOf } from './dimension.js';

describe('the values of an event', () => {
  it('in a property are those that it has itself', () => {
    const usage = { properties: { team: 'core', seats: 3, beta: false } } as unknown as PricedUsage;
    expect(dimensionOf('property.team').valuesOf(usage)).toEqual(['core']);
    expect(dimensionOf('property.seats').valuesOf(usage)).toEqual(['3']);
    expect(dimensionOf('property.beta').valuesOf(usage)).toEqual(['false']);
    expect(dimensionOf('property.toString').valuesOf(usage)).toEqual([]);
  });
});
