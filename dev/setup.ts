import { ConfigError, loadConfig } from '#platform';
import { rolePasswords } from '#postgres';
import { provisionStores } from './provision.js';
import { SetupConfig } from './setup.config.js';

/** Run once before the apps, on stores that are somebody else's to start: creates what is missing, then ends. */
async function setUp(config: SetupConfig): Promise<void> {
  await provisionStores({
    kafkaBrokers: config.kafka.brokers,
    clickhouse: config.clickhouse,
    databaseUrl: config.database.url,
    databasePasswords: rolePasswords(config.database.roles),
    sealingKeys: config.sealing.keys,
  });
  process.stdout.write('tables and topics are what this version expects\n');
}

try {
  await setUp(loadConfig(SetupConfig));
} catch (error) {
  process.stderr.write(`setup: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof ConfigError ? 2 : 1;
}
