import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testEngines } from '#testing';
import { connectRedis, type Redis } from './index.js';
import { ProjectEndWrites } from './writes.js';

let redis: Redis;

beforeAll(async () => {
  redis = connectRedis(testEngines().redisUrl);
  await new Promise((ready) => redis.once('ready', ready));
});
afterAll(() => redis.disconnect());

it('lets go of everything of a deleted project within the hour, and of nothing else', async () => {
  const [ended, living] = [`p_${randomUUID().slice(0, 8)}`, `p_${randomUUID().slice(0, 8)}`];
  const keys = (project: string) => [
    `{${project}}:marks`,
    `{${project}}:pending`,
    ...Array.from({ length: 2_500 }, (_, n) => `{${project}}:counters:b${n}:abc:0`),
  ];
  for (const project of [ended, living]) {
    const step = redis.pipeline();
    for (const key of keys(project)) step.set(key, 'x');
    await step.exec();
  }
  await redis.pexpire(`{${ended}}:pending`, 60_000);
  await new ProjectEndWrites(redis).end([ended]);
  const ttlsOf = (project: string) => Promise.all(keys(project).map((key) => redis.pttl(key)));
  const [pending, ...others] = (await ttlsOf(ended)).toSorted((a, b) => a - b);
  // What ends sooner is not kept for longer.
  expect(pending).toBeLessThanOrEqual(60_000);
  expect(others.every((ttl) => ttl > 60_000 && ttl <= 3_600_000)).toBe(true);
  expect(new Set(await ttlsOf(living))).toEqual(new Set([-1]));
  await redis.unlink(...keys(ended), ...keys(living));
});
