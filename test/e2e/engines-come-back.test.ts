import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '#testing';

describe('an engine that is killed', () => {
  let test: TestPlatform;

  beforeAll(async () => {
    test = await startTestPlatform('engines-come-back', { apps: [] });
  });
  afterAll(() => test.end());

  it.each(['kafka', 'clickhouse', 'postgres', 'redis', 'stripe-sim'])(
    '%s answers again within 15 s, as another process',
    async (name) => {
      const { platform } = test;
      const pid = platform.process(name).pid;
      const killedAt = performance.now();
      platform.kill(name);
      while (platform.process(name).pid === pid) await new Promise(setImmediate);
      await platform.waitUntilReady(name);
      expect(performance.now() - killedAt).toBeLessThan(15_000);
      expect(platform.process(name).pid).not.toBe(pid);
      expect(platform.process(name).starts).toBe(2);
    },
  );
});
