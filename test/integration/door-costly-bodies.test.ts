import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { costlyEvents } from './costly-bodies.js';
import { DoorHarness } from './door-harness.js';
import { leastCost, machineFactor } from './request-cost.js';

/** Of the door's process for one request; and of a neighbour that comes meanwhile, with Kafka and the machine in it. */
const CPU_MS_MAX = 200;
const NEIGHBOUR_MS_MAX = 200;

let door: DoorHarness;
let key: string;
let factor: number;

beforeAll(async () => {
  door = await DoorHarness.open();
  ({ key } = await door.mintKey());
  factor = machineFactor();
  // What is run for the first time is slow once: that is nothing a caller can repeat.
  const good = { model: 'gpt-4o', tags: ['ü'], usage: { input_tokens: 1 } };
  for (let n = 0; n < 20; n += 1) await door.post(key, [good, { ...good, unknown: n }]);
});

afterAll(() => door.close());

const live = async () => (await fetch(`${door.url}/health/live`)).text();

describe('a costly body', () => {
  it.each(Object.entries(costlyEvents()))(
    'holds the door up for less than 200 ms: %s',
    async (_, { body, type, encoding }) => {
      const headers = {
        'content-type': type,
        ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
      };
      const bounds = { cpuMs: CPU_MS_MAX * factor, neighbourMs: NEIGHBOUR_MS_MAX * factor };
      const served = {
        cpuMs: () => door.cpuMs(),
        request: () => door.post(key, body, headers),
        neighbour: live,
      };
      const cost = await leastCost(served, bounds);
      expect(cost.cpuMs).toBeLessThanOrEqual(bounds.cpuMs);
      expect(cost.neighbourMs).toBeLessThanOrEqual(bounds.neighbourMs);
    },
  );
});
