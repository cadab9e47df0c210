import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { environmentNames } from '#platform';
import { appNames } from '../../dev/platform/apps.js';
import { defaultPorts } from '../../dev/platform/ports.js';
import { repositoryRoot } from '../../dev/repository-root.js';
import { SetupConfig } from '../../dev/setup.config.js';
import { appConfigs } from './app-configs.js';

interface ComposeService {
  image?: string;
  command?: string[];
  environment?: Record<string, string>;
  ports?: string[];
  profiles?: string[];
  healthcheck?: object;
  volumes?: string[];
  network_mode?: string;
  depends_on?: Record<string, { condition: string }>;
}

/** For tests of time and of crashes: no deployment sets them. */
const ONLY_FOR_TESTS = ['CLOCK_OFFSET_MS', 'FAILPOINT'];

const read = (name: string): string => readFileSync(join(repositoryRoot, name), 'utf8');
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
};
const serviceOf = (name: string): ComposeService => compose.services[name] ?? {};

/** What a config class reads and a service is not given, or the other way round. */
function findDifferences(given: readonly string[], config: new () => object): string[] {
  const wanted = environmentNames(config).filter((name) => !ONLY_FOR_TESTS.includes(name));
  return [
    ...wanted.filter((name) => !given.includes(name)).map((name) => `${name} is missing`),
    ...given.filter((name) => !wanted.includes(name)).map((name) => `${name} is read by nobody`),
  ];
}

describe('docker-compose.yml', () => {
  it('tells missing and superfluous variables', () => {
    const given = environmentNames(SetupConfig).filter((name) => name !== 'DATABASE_URL');
    expect(findDifferences([...given, 'REDIS_URL'], SetupConfig)).toEqual([
      'DATABASE_URL is missing',
      'REDIS_URL is read by nobody',
    ]);
  });

  it.each(appNames)('gives %s the environment that it reads', (app) => {
    const given = Object.keys(serviceOf(app).environment ?? {});
    expect(findDifferences(given, appConfigs[app])).toEqual([]);
  });

  it('gives the set-up the environment that it reads', () => {
    const given = Object.keys(serviceOf('setup').environment ?? {});
    expect(findDifferences(given, SetupConfig)).toEqual([]);
  });

  it.each(appNames)('lets %s listen on the port of npm start, on loopback outside', (app) => {
    const { environment, ports } = serviceOf(app);
    const port = String(defaultPorts[app]);
    expect(environment?.['HTTP_PORT']).toBe(port);
    expect(environment?.['HTTP_HOST']).toBe('0.0.0.0');
    const variable = `${app.toUpperCase().replaceAll('-', '_')}_PORT`;
    expect(ports).toEqual([`127.0.0.1:\${${variable}:-${port}}:${port}`]);
  });

  it.each(appNames)('starts %s by its entry, after the set-up', (app) => {
    const { command, depends_on } = serviceOf(app);
    expect(command).toEqual(['node', `dist/apps/${app}/src/main.js`]);
    expect(depends_on).toEqual({ setup: { condition: 'service_completed_successfully' } });
  });

  it('publishes nothing beyond loopback', () => {
    const published = Object.values(compose.services).flatMap(({ ports = [] }) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it('gives every consumer a group of its own', () => {
    const groups = Object.entries(compose.services).map(([name, { environment }]) => [
      name,
      environment?.['KAFKA_GROUP_ID'],
    ]);
    expect(groups.filter(([, group]) => group !== undefined)).toEqual([
      ['pricing-worker', 'pricing-worker'],
      ['aggregator', 'aggregator'],
      ['notifier', 'notifier'],
    ]);
  });

  it('watches the health of everything that stays', () => {
    const unwatched = Object.entries(compose.services)
      .filter(([name, { healthcheck }]) => name !== 'setup' && healthcheck === undefined)
      .map(([name]) => name);
    expect(unwatched).toEqual([]);
  });

  it('keeps the data of every store in a volume', () => {
    const kept = ['kafka', 'clickhouse', 'postgres', 'redis', 'stripe-sim'];
    expect(Object.keys(compose.volumes).sort()).toEqual([...kept].sort());
    for (const name of kept) expect(serviceOf(name).volumes?.[0]).toMatch(new RegExp(`^${name}:/`));
  });

  it('runs official images of the versions that are tested', () => {
    const pom = read('dev/pom.xml');
    const [, kafka] = /<kafka[.]version>([\d.]+)</.exec(pom) ?? [];
    expect(serviceOf('kafka').image).toBe(`apache/kafka:${kafka}`);
    expect(serviceOf('clickhouse').image).toBe('clickhouse/clickhouse-server:26.7');
    expect(serviceOf('postgres').image).toBe('postgres:18');
    expect(serviceOf('redis').image).toMatch(/^redis:\d+$/);
  });

  it('bills only where a profile says by whom', () => {
    expect(serviceOf('billing').profiles).toEqual(['stripe-sim', 'billing']);
    expect(serviceOf('stripe-sim').profiles).toEqual(['stripe-sim']);
    expect(serviceOf('stripe-sim').network_mode).toBe('service:billing');
  });
});

describe('.env.example', () => {
  let variables: Map<string, string> = new Map();

  beforeAll(() => {
    const lines = read('.env.example').split('\n');
    variables = new Map(
      lines
        .filter((line) => /^[A-Z_]+=/.test(line))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
  });

  it('names every variable that the file cannot do without', () => {
    const required = [...read('docker-compose.yml').matchAll(/\$\{([A-Z_]+):\?/g)].map(
      ([, name = '']) => name,
    );
    expect(new Set(required)).toEqual(
      new Set([
        'ADMIN_KEY',
        'POSTGRES_PASSWORD',
        'CLICKHOUSE_PASSWORD',
        'REDIS_PASSWORD',
        'SEALING_KEYS',
      ]),
    );
    for (const name of required) expect(variables.get(name)).toBe('');
  });

  it('names none that the file does not read', () => {
    const known = new Set(
      [...read('docker-compose.yml').matchAll(/(?<!\$)\$\{([A-Z_]+)/g)].map(([, name]) => name),
    );
    known.add('COMPOSE_PROFILES');
    expect([...variables.keys()].filter((name) => !known.has(name))).toEqual([]);
  });

  it('points billing to the simulator', () => {
    expect(variables.get('COMPOSE_PROFILES')).toBe('stripe-sim');
    expect(variables.get('STRIPE_URL')).toBe(`http://127.0.0.1:${defaultPorts['stripe-sim']}`);
    expect(variables.get('STRIPE_SECRET_KEY')).toMatch(/^sk_test_/);
  });
});
