import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestPlatform, type TestPlatform } from '#testing';
import { appNames } from '../../dev/platform/apps.js';
import type { PlatformFile } from '../../dev/platform/platform-file.js';
import type { Platform } from '../../dev/platform/platform.js';
import { ApiClient } from './api-client.js';

const FLOW_MS_MAX = 15_000;
const PAUSE_MS = 50;

const engineNames = ['kafka', 'clickhouse', 'postgres', 'redis', 'stripe-sim'];

describe('a process that is killed', () => {
  let test: TestPlatform;
  let platform: Platform;
  let client: ApiClient;

  beforeAll(async () => {
    test = await startTestPlatform('killed-process');
    platform = test.platform;
    client = ApiClient.of(platform);
  });
  afterAll(() => test.end());

  const publishedPid = (name: string) => {
    const file = readFileSync(join(platform.directory, 'platform.json'), 'utf8');
    const { processes } = JSON.parse(file) as PlatformFile;
    return processes.find((listed) => listed.name === name)?.pid;
  };

  /** Asks until the answer is right; whatever goes wrong meanwhile is what the kill did. */
  async function insist(isRight: () => Promise<boolean>): Promise<void> {
    while (!(await isRight().catch(() => false))) await delay(PAUSE_MS);
  }

  it.each([...engineNames, ...appNames])(
    '%s comes back as another process, and events flow again within 15 s',
    async (name) => {
      const pid = platform.process(name).pid!;
      const customer = `after-${name}`;
      const event = { id: customer, customer, model: 'gpt-4o', usage: { input_tokens: 1 } };
      const killedAt = performance.now();
      platform.kill(name);
      await insist(async () => platform.process(name).pid !== pid);
      await insist(async () => (await client.send(event)).status === 202);
      await insist(async () => (await client.usage(`?customer=${customer}`))[0]?.events === 1);
      expect(performance.now() - killedAt).toBeLessThan(FLOW_MS_MAX);

      await platform.waitUntilReady(name);
      expect(platform.process(name).starts).toBe(2);
      expect(platform.process(name).pid).not.toBe(pid);
      expect(publishedPid(name)).toBe(platform.process(name).pid);
    },
  );
});
