import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectClickHouse } from '#clickhouse';
import { ApiKeys, connectPostgres, Projects } from '#postgres';
import { ProjectWrites, WebhookEndpointWrites } from '#postgres/writes';
import { Sealer } from '#sealing';
import type { Platform } from '../../dev/platform/platform.js';
import { startPlatform } from '../../dev/platform/start-platform.js';
import { answersTcp } from '../../dev/supervision/probes.js';

const directory = join(process.cwd(), '.reckoner-test', `old-data-${process.pid}`);
const secretsFile = join(directory, 'data', 'secrets.json');

/** What a data folder had for secrets before the engines got passwords. */
const OLD_SECRETS = ['postgresPassword', 'adminKey', 'demoKey'];

const OLD_ENDPOINT = {
  id: 'whe_old',
  project: 'old',
  channel: 'webhook' as const,
  url: 'https://example.com',
  events: ['*'],
  description: null,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
};

let platform: Platform;
let databaseUrlOfOld: string;

const readSecrets = () => JSON.parse(readFileSync(secretsFile, 'utf8')) as Record<string, string>;

beforeAll(async () => {
  platform = await startPlatform({ directory, apps: [] });
  databaseUrlOfOld = platform.surroundings.engines.databaseUrl;
  const postgres = connectPostgres(databaseUrlOfOld, 1);
  await new ProjectWrites(postgres).create({ id: 'old', name: 'Old' });
  await new WebhookEndpointWrites(postgres).create(OLD_ENDPOINT);
  await postgres.destroy();
  await platform.stop();
  const kept = Object.entries(readSecrets()).filter(([name]) => OLD_SECRETS.includes(name));
  writeFileSync(secretsFile, JSON.stringify(Object.fromEntries(kept)), { mode: 0o644 });
  platform = await startPlatform({ directory, apps: ['console'] });
});

afterAll(async () => {
  await platform.stop();
  rmSync(directory, { recursive: true, force: true });
});

const withPassword = (url: string, password: string): string => {
  const changed = new URL(url);
  changed.password = password;
  return changed.href;
};

describe('a data folder from before the engines had passwords', () => {
  it('gets them at its next start and keeps what it had', async () => {
    const secrets = readSecrets();
    expect(Object.keys(secrets)).toEqual(expect.arrayContaining([...OLD_SECRETS, 'redisPassword']));
    expect(statSync(secretsFile).mode & 0o777).toBe(0o600);
    expect(new URL(databaseUrlOfOld).password).toBe(secrets.postgresPassword);
    const postgres = connectPostgres(platform.surroundings.engines.databaseUrl, 1);
    expect(await new Projects(postgres).find('old')).toMatchObject({ name: 'Old' });
    const { secrets: stored } = await postgres
      .selectFrom('webhook_endpoints')
      .select('secrets')
      .executeTakeFirstOrThrow();
    await postgres.destroy();
    const sealed = stored[0]?.secret ?? '';
    expect(sealed).toMatch(/^sealed:made-first:/);
    const sealer = new Sealer([secrets.sealingKeys ?? '']);
    expect(sealer.open(sealed, OLD_ENDPOINT.id)).toBe(OLD_ENDPOINT.secret);
  });

  it('gives each app its own role in PostgreSQL, and keeps the owner for whoever migrates', async () => {
    const { databaseUrls } = platform.surroundings.engines;
    expect(new URL(databaseUrls.console).username).toBe('reckoner_console');
    const made = readSecrets() as unknown as { databasePasswords: Record<string, string> };
    expect(new URL(databaseUrls.console).password).toBe(made.databasePasswords.console);
    const answer = await fetch(`${platform.url('console')}/health/ready`);
    expect(answer.status).toBe(200);
    const notifier = connectPostgres(databaseUrls.notifier, 1);
    await expect(new ApiKeys(notifier).find('demo', 'any')).rejects.toThrow(/permission denied/);
    await notifier.destroy();
  });

  it.each(['', 'wrong'])('opens ClickHouse to nobody with the password %j', async (password) => {
    const { clickhouseUrl: url, clickhouseDatabase: database } = platform.surroundings.engines;
    const stranger = connectClickHouse({ url: withPassword(url, password), database });
    await expect(stranger.query({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' });
    await stranger.close();
    const owner = connectClickHouse({ url, database });
    const query = 'SELECT count() = 0 AS empty FROM usage_raw';
    const answer = await owner.query({ query, format: 'JSONEachRow' });
    expect(await answer.json()).toEqual([{ empty: 1 }]);
    await owner.close();
  });

  it.each([
    ['GET a\r\n', '-NOAUTH'],
    ['AUTH wrong\r\n', '-WRONGPASS'],
  ])('answers %j at Redis with %s', async (command, answer) => {
    const { hostname, port } = new URL(platform.surroundings.engines.redisUrl);
    expect(await answersTcp(hostname, Number(port), command, answer)).toBe(true);
  });

  it.each(['', 'wrong'])('opens PostgreSQL to nobody with the password %j', async (password) => {
    const { databaseUrl } = platform.surroundings.engines;
    const stranger = connectPostgres(withPassword(databaseUrl, password), 1);
    await expect(new Projects(stranger).find('demo')).rejects.toThrow(/password/);
    await stranger.destroy();
  });
});

describe('a page in a browser', () => {
  const ask = async (path: string, headers: Record<string, string>): Promise<number> => {
    const { port } = new URL(platform.url('console'));
    const asked = request({ port, path, headers }).end();
    const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }];
    response.resume();
    return response.statusCode;
  };

  it('gets nothing from an app under a name that it led to this machine, or as another site', async () => {
    const { host } = new URL(platform.url('console'));
    for (const path of ['/metrics', '/docs-json', '/v1/projects']) {
      expect(await ask(path, { host: 'evil.example' })).toBe(403);
      expect(await ask(path, { host, origin: 'https://evil.example' })).toBe(403);
    }
    expect(await ask('/docs-json', { host, origin: `http://${host}` })).toBe(200);
  });
});
