import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IsOptional, IsString } from 'class-validator';
import { loadConfig } from '#platform';
import type { AppRole } from '#postgres';

class TestEnginesConfig {
  /** The platform file of the engines that this test run shares; `npm test` sets it. */
  @IsOptional()
  @IsString()
  reckonerTestPlatform?: string;

  /** A real server for the ClickHouse tests, instead of the embedded engine. */
  @IsOptional()
  @IsString()
  clickhouseUrl?: string;
}

/** Engines that many test files share: each file makes a database, a topic or a key prefix of its own on them. */
export interface TestEngines {
  kafkaBrokers: string[];
  clickhouseUrl: string;
  /** A server with the right to create databases. */
  databaseUrl: string;
  /** The same server for the roles of the apps. */
  databaseUrls: Record<AppRole, string>;
  redisUrl: string;
  stripeUrl: string;
  stripeKey: string;
}

/** The shared engines of this test run. Throws with the command that starts them when there are none. */
export function testEngines(): TestEngines {
  const config = loadConfig(TestEnginesConfig);
  const file =
    config.reckonerTestPlatform ??
    join(process.cwd(), '.reckoner-test', 'engines', 'platform.json');
  if (!existsSync(file)) {
    throw new Error(
      'No test engines are running: use `npm test`, or start some with `npm run engines`.',
    );
  }
  const platform = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string> & {
    database_urls: Record<AppRole, string>;
  };
  const read = (name: string) => platform[name] ?? '';
  return {
    kafkaBrokers: read('kafka_brokers').split(','),
    clickhouseUrl: config.clickhouseUrl ?? read('clickhouse_url'),
    databaseUrl: read('database_url'),
    databaseUrls: platform.database_urls,
    redisUrl: read('redis_url'),
    stripeUrl: read('stripe_url'),
    stripeKey: read('stripe_key'),
  };
}
