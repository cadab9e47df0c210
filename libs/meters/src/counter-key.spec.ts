import { describe, expect, it } from '@jest/globals';
import type { PricedUsage, WatchDimension } from '#contracts';
import { counterKeysOf, countOfCountersMax } from './counter-key.js';

/** As full as an event may be: fifty tags, and one value of everything else. */
const FULL = {
  customer: 'acme',
  user: 'ann',
  key: 'key_1',
  application: 'app_1',
  provider: 'openai',
  model: 'gpt-4o',
  type: 'llm.call',
  tags: Array.from({ length: 50 }, (_, n) => `t${n}`),
  properties: { plan: 'pro', team: 'core' },
} as unknown as PricedUsage;

describe('the counters that one event may belong to', () => {
  it.each<[number, WatchDimension[]]>([
    [1, []],
    [1, ['customer']],
    [1, ['user', 'key', 'application', 'provider']],
    [1, ['model', 'type', 'property.plan', 'property.team']],
    [50, ['tag']],
    [50, ['customer', 'tag']],
    [50, ['tag', 'property.plan']],
  ])('are %i, and no event has more, per %j', (most, per) => {
    expect(countOfCountersMax(per)).toBe(most);
    expect(counterKeysOf(per, FULL)).toHaveLength(most);
  });
});
