import { DEMO_PROJECT, seedDemoProject } from '#access';
import { migrateClickHouse } from '#clickhouse';
import { provisionTopics } from '#kafka';
import { createLogger } from '#platform';
import { migratePostgres } from '#postgres';
import type { EngineAddresses } from './platform/engines.js';
import type { DemoAccess } from './platform/platform-file.js';

/** Brings tables and topics to what today's code expects; what is right already is left alone. */
export async function provisionStores(engines: EngineAddresses): Promise<void> {
  const { kafkaBrokers, clickhouseUrl, clickhouseDatabase, databaseUrl } = engines;
  await Promise.all([
    migratePostgres(databaseUrl),
    migrateClickHouse({ url: clickhouseUrl, database: clickhouseDatabase }),
    // What goes wrong is thrown; the log lines in between would stand in the user's terminal.
    provisionTopics({ brokers: [kafkaBrokers], logger: createLogger('npm start', 'silent') }),
  ]);
}

/** The demo project with its one key, the same ones at every start on the same data. */
export async function seedDemo(databaseUrl: string, apiKey: string): Promise<DemoAccess> {
  await seedDemoProject({ databaseUrl, apiKey });
  return { project: DEMO_PROJECT, apiKey };
}
