import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { PlainError } from './plain-error.mjs';

/**
 * The addresses and keys of the running platform as environment variables, or none when `env` has all of `needed`: then it
 * names another platform. Never a mixture of the two: a DATABASE_URL or API_KEY of something else often lies about. An app's
 * command comes to PostgreSQL as that app, or as the owner where an older version started the platform and made no roles.
 */
export async function readPlatformEnvironment(root, env, needed, app) {
  if (needed.every((name) => env[name])) return {};
  const file = join(env.RECKONER_DIRECTORY ?? join(root, '.reckoner'), 'platform.json');
  const platform = await readRunning(file);
  if (platform === undefined) {
    throw new PlainError(
      'The platform is not running here: start it with `npm start` and wait until it says so.\n' +
        `(Or set ${needed.join(', ')} to work on another one.)`,
    );
  }
  return {
    KAFKA_BROKERS: platform.kafka_brokers,
    CLICKHOUSE_URL: platform.clickhouse_url,
    CLICKHOUSE_DATABASE: 'reckoner',
    DATABASE_URL: platform.database_urls?.[app] ?? platform.database_url,
    REDIS_URL: platform.redis_url,
    INGEST_URL: platform.urls.ingest,
    CONSOLE_URL: platform.urls.console,
    API_KEY: platform.api_key,
    ADMIN_KEY: platform.admin_key,
    // The simulator's address belongs to the simulator's key: never give one of them to a key of the user's own.
    ...(env.STRIPE_SECRET_KEY ? {} : stripeOf(platform)),
  };
}

function stripeOf({ stripe_key, stripe_url }) {
  return {
    STRIPE_SECRET_KEY: stripe_key,
    ...(stripe_url === null ? {} : { STRIPE_URL: stripe_url }),
  };
}

/** The platform file of a platform whose database answers; after `kill -9` of everything the file may still lie there. */
async function readRunning(file) {
  if (!existsSync(file)) return undefined;
  const platform = JSON.parse(readFileSync(file, 'utf8'));
  const { hostname, port } = new URL(platform.database_url);
  return (await answers(hostname, Number(port))) ? platform : undefined;
}

function answers(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const finish = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
