import type { UsageEvent } from '#contracts';
import { DayRandom } from './day-random.js';
import { demoCustomers, type DemoCustomer } from './demo-customers.js';
import { describeDemoCall } from './describe-demo-call.js';
import { momentOfDay, weekdayFactor } from './usage-rhythm.js';

export const DEMO_SOURCE = 'demo';

const ANONYMOUS_SHARE = 0.015;

/**
 * The made-up usage of one UTC day, oldest first. It follows from the day alone, ids and all: sent again, every event is
 * a repeat. Source, tags and properties say that it is a demo's, and its ids cannot collide with those of other sources.
 * @param day `2026-11-20`
 */
export function generateDemoDay(day: string): UsageEvent[] {
  const random = new DayRandom(`demo usage of ${day}`);
  const dayMs = Date.parse(`${day}T00:00:00Z`);
  const factor = weekdayFactor(dayMs);
  const calls = demoCustomers.flatMap((customer) =>
    Array.from({ length: random.skewed(customer.dailyCalls * factor, 0.15) }, () => ({
      customer,
      timeMs: momentOfDay(random, dayMs),
    })),
  );
  calls.sort((a, b) => a.timeMs - b.timeMs);
  return calls.map(({ customer, timeMs }, index) => ({
    id: `demo-${day}-${String(index).padStart(5, '0')}`,
    source: DEMO_SOURCE,
    time: new Date(timeMs).toISOString(),
    ...nameCaller(random, customer),
    ...describeDemoCall(random),
    tags: ['demo'],
    properties: { demo: true, plan: customer.dailyCalls > 100 ? 'enterprise' : 'team' },
  }));
}

/** Large customers have many users; some calls are nobody's. */
function nameCaller(random: DayRandom, { id, dailyCalls }: DemoCustomer) {
  if (random.happens(ANONYMOUS_SHARE)) return {};
  const user = `${id}-user-${random.between(1, Math.ceil(dailyCalls / 4))}`;
  return { customer: id, user };
}
