import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CountingHarness } from './counting-harness.js';

let harness: CountingHarness;

beforeAll(async () => {
  harness = await CountingHarness.open();
});
beforeEach(() => harness.begin());
afterAll(() => harness.close());

describe('a budget that cannot be computed', () => {
  it('costs the budgets and rates beside it nothing', async () => {
    const inZone = (time_zone: string) => ({ kind: 'calendar', unit: 'month', time_zone }) as const;
    await harness.newBudget({ window: inZone('IST') });
    await harness.newBudget({ window: inZone('Asia/Kolkata'), limit: '25' });
    await harness.newRate({ limit: '30' });
    await harness.tick();
    await harness.use({ usage: { requests: 32 } });
    await harness.tick();
    expect(harness.said().toSorted()).toEqual([
      'budget.breached 100% 32',
      'budget.threshold_reached 50% 32',
      'rate.exceeded bound 32',
    ]);
  });
});
