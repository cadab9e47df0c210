import { setTimeout as delay } from 'node:timers/promises';
import { DEMO_PROJECT, seedDemoProject } from '#access/writes';
import type { ClickHouseAddress } from '#clickhouse';
import { migrateClickHouse } from '#clickhouse/writes';
import { provisionTopics } from '#kafka/writes';
import { createLogger } from '#platform';
import type { AppRole } from '#postgres';
import { makeAppRoles, migratePostgres, renewSecrets, setUpAlone } from '#postgres/writes';
import { Sealer } from '#sealing';
import type { DemoAccess } from './platform/platform-file.js';

const TOPIC_TRIES_MAX = 5;
const TOPIC_PAUSE_MS = 500;

export interface StoreAddresses {
  kafkaBrokers: readonly string[];
  clickhouse: ClickHouseAddress;
  /** As the owner of the tables. */
  databaseUrl: string;
  /** Of the apps that get a role of their own. */
  databasePasswords: Partial<Record<AppRole, string>>;
  /** The first seals from now on; what others sealed, or nobody, is sealed under it. */
  sealingKeys: readonly string[];
}

/**
 * Brings tables and topics to what today's code expects; what is right already is left alone. One process at a time does so, under a
 * lock in PostgreSQL: ClickHouse has none.
 */
export async function provisionStores(stores: StoreAddresses): Promise<void> {
  const outcomes = await setUpAlone(stores.databaseUrl, (stopped) =>
    // All are waited for, so that a failure of one does not leave another at work on engines that are being stopped.
    Promise.allSettled([
      migrateAndSeal(stores),
      migrateClickHouse(stores.clickhouse, { stopped }),
      provisionTopicsOnYoungBroker(stores.kafkaBrokers),
    ]),
  );
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

async function migrateAndSeal(stores: StoreAddresses): Promise<void> {
  const { databaseUrl, databasePasswords, sealingKeys } = stores;
  // First: what they may do is granted with the tables.
  await makeAppRoles(databaseUrl, databasePasswords);
  await migratePostgres(databaseUrl);
  const sealer = new Sealer(sealingKeys);
  await renewSecrets(databaseUrl, (secret, endpoint) => sealer.renew(secret, endpoint));
}

/** A broker that has just begun may not know its newest topics for a moment, and says so in an error. */
async function provisionTopicsOnYoungBroker(brokers: readonly string[]): Promise<void> {
  // What goes wrong is thrown; the log lines in between would stand in the user's terminal.
  const logger = createLogger('provision', 'silent');
  for (let tries = 1; ; tries += 1) {
    try {
      await provisionTopics({ brokers, logger });
      return;
    } catch (error) {
      if (tries === TOPIC_TRIES_MAX) throw error;
      await delay(TOPIC_PAUSE_MS);
    }
  }
}

/** The demo project with its one key, the same ones at every start on the same data. */
export async function seedDemo(databaseUrl: string, apiKey: string): Promise<DemoAccess> {
  await seedDemoProject({ databaseUrl, apiKey });
  return { project: DEMO_PROJECT, apiKey };
}
