import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PlainError } from './plain-error.mjs';

/** What a command must know to do without a running platform. */
const ENOUGH = ['DATABASE_URL', 'CLICKHOUSE_URL'];

/** The addresses and keys of the running platform as environment variables; what `env` has already is left to it. */
export function readPlatformEnvironment(root, env) {
  const file = join(env.RECKONER_DIRECTORY ?? join(root, '.reckoner'), 'platform.json');
  const platform = readRunning(file);
  if (platform === undefined) {
    if (ENOUGH.every((name) => env[name])) return {};
    throw new PlainError(
      'The platform is not running here: start it with `npm start` and wait until it says so.\n' +
        `(Or set ${ENOUGH.join(' and ')} to work on another one.)`,
    );
  }
  const found = {
    KAFKA_BROKERS: platform.kafka_brokers,
    CLICKHOUSE_URL: platform.clickhouse_url,
    CLICKHOUSE_DATABASE: 'reckoner',
    DATABASE_URL: platform.database_url,
    REDIS_URL: platform.redis_url,
    INGEST_URL: platform.urls.ingest,
    CONSOLE_URL: platform.urls.console,
    API_KEY: platform.api_key,
    ADMIN_KEY: platform.admin_key,
    // The simulator's address belongs to the simulator's key: never give one of them to a key of the user's own.
    ...(env.STRIPE_SECRET_KEY ? {} : stripeOf(platform)),
  };
  return Object.fromEntries(Object.entries(found).filter(([name]) => !env[name]));
}

function stripeOf({ stripe_key, stripe_url }) {
  return {
    STRIPE_SECRET_KEY: stripe_key,
    ...(stripe_url === null ? {} : { STRIPE_URL: stripe_url }),
  };
}

/** The platform file of a platform that lives; after `kill -9` of everything the file may still lie there. */
function readRunning(file) {
  if (!existsSync(file)) return undefined;
  const platform = JSON.parse(readFileSync(file, 'utf8'));
  const lives = platform.processes.some(({ pid }) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch (error) {
      return error.code === 'EPERM';
    }
  });
  return lives ? platform : undefined;
}
