import { describe, expect, it } from '@jest/globals';
import { appNames, writeAppEnvironment, type AppSurroundings } from './apps.js';

const surroundings = (isPublic: boolean): AppSurroundings => ({
  engines: {
    kafkaBrokers: '127.0.0.1:1',
    clickhouseUrl: 'http://127.0.0.1:2',
    clickhouseDatabase: 'reckoner',
    databaseUrl: 'postgres://owner@127.0.0.1:3/reckoner',
    databaseUrls: {
      'ingest-api': 'postgres://door@127.0.0.1:3/reckoner',
      aggregator: 'postgres://aggregator@127.0.0.1:3/reckoner',
      notifier: 'postgres://notifier@127.0.0.1:3/reckoner',
      console: 'postgres://console@127.0.0.1:3/reckoner',
      billing: 'postgres://billing@127.0.0.1:3/reckoner',
    },
    redisUrl: 'redis://127.0.0.1:4',
    stripeUrl: 'http://127.0.0.1:5',
  },
  stripe: { secretKey: 'sk_test_simulator' },
  adminKey: 'rk_admin_0',
  sealingKeys: `k:${'0'.repeat(64)}`,
  isPublic,
});

describe('writeAppEnvironment', () => {
  it('lets webhooks reach this machine only while no other one reaches the platform', () => {
    const allowed = (isPublic: boolean) =>
      writeAppEnvironment('notifier', surroundings(isPublic)).WEBHOOK_ALLOW_PRIVATE;
    expect([allowed(false), allowed(true)]).toEqual(['true', undefined]);
  });

  it("gives each app its own way into PostgreSQL, and nobody the owner's", () => {
    const users = appNames.map((app) => {
      const url = writeAppEnvironment(app, surroundings(false)).DATABASE_URL;
      return url === undefined ? undefined : new URL(url).username;
    });
    expect(users).toEqual(['door', undefined, 'aggregator', 'notifier', 'billing', 'console']);
  });

  it('gives the keys to those who need them alone', () => {
    const door = writeAppEnvironment('ingest-api', surroundings(false));
    const keys = [door.ADMIN_KEY, door.STRIPE_SECRET_KEY, door.SEALING_KEYS];
    expect(keys).toEqual([undefined, undefined, undefined]);
  });
});
