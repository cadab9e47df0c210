import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlatformFile } from '../../dev/platform/platform-file.js';
import { findFreePorts, type Ports, portNames } from '../../dev/platform/ports.js';
import { identifyProcess } from '../../dev/supervision/process-identity.js';
import { ForegroundCommand } from './foreground-command.js';
import { commandsOf, readBlocks } from './page-blocks.js';

const READY_MS_MAX = 120_000;
const VISIBLE_MS_MAX = 2_000;

const run = promisify(execFile);
const [install = '', send = '', look = '', more = ''] = readBlocks('README.md', 'Quickstart', 'sh');

let directory: string;
let ports: Ports;
let start: ForegroundCommand;

beforeAll(async () => {
  directory = join(process.cwd(), '.reckoner-test', `quickstart-${process.pid}`);
  ports = await findFreePorts();
  start = await startPlatform();
});

afterAll(async () => {
  await start.interrupt();
  rmSync(directory, { recursive: true, force: true });
});

/** The README's own start, moved to a place and to ports of this test. */
async function startPlatform(): Promise<ForegroundCommand> {
  const places = portNames.map((name) => `--${name}-port=${ports[name]}`);
  const command = new ForegroundCommand(
    `npm start -- --directory '${directory}' ${places.join(' ')}`,
    { STRIPE_SECRET_KEY: '' },
  );
  await command.waitForText('Ctrl-C stops everything', READY_MS_MAX);
  return command;
}

const platformFile = () => join(directory, 'platform.json');

function readPlatform(): PlatformFile {
  return JSON.parse(readFileSync(platformFile(), 'utf8')) as PlatformFile;
}

/** Runs lines of the README in a shell, at the place and ports of this test. */
async function paste(script: string): Promise<string> {
  const moved = script
    .replaceAll('127.0.0.1:4000', `127.0.0.1:${ports['ingest-api']}`)
    .replaceAll('127.0.0.1:4001', `127.0.0.1:${ports.console}`)
    .replaceAll(".reckoner/platform.json'", `${platformFile()}'`);
  const env = { ...process.env, RECKONER_DIRECTORY: directory };
  const { stdout } = await run('bash', ['-ec', moved], { env });
  return stdout;
}

/** Asks for the usage as the README does until it shows this cost, for two seconds at most. */
async function expectCost(script: string, cost: string): Promise<void> {
  const deadline = Date.now() + VISIBLE_MS_MAX;
  let answer = '';
  while (!answer.includes(`"cost":"${cost}"`)) {
    if (answer !== '') expect([Date.now() < deadline, answer]).toEqual([true, answer]);
    answer = await paste(script);
  }
}

const keyLine = () => commandsOf(send)[0] ?? '';

describe("the README's quickstart", () => {
  it('begins with a clone and one command', () => {
    const [clone = '', enter = '', command = '', ...others] = commandsOf(install);
    expect([clone, enter]).toEqual([
      expect.stringMatching(/^git clone .* reckoner$/),
      'cd reckoner',
    ]);
    expect([command, others]).toEqual(['npm start', []]);
  });

  it('prints lines that work as pasted: the cost is there within 2 s of the 202', async () => {
    const [post = '', get = ''] = start.output.match(/^curl .*$/gm) ?? [];
    expect(JSON.parse(await paste(post))).toMatchObject({ accepted: 1, refused: 0 });
    // 1,000 at 2.50 and 500 at 10 dollars a million.
    await expectCost(get, '0.0075');
  });

  it('shows lines that work as pasted, however often', async () => {
    for (let times = 0; times < 2; times += 1)
      expect(JSON.parse(await paste(send))).toMatchObject({ accepted: 1, refused: 0 });
    // The event of the start and the README's own, once.
    await expectCost(`${keyLine()}\n${look}`, '0.015');
  });

  it('sends a month of demo usage and bills it', async () => {
    const [demo = '', bill = '', test = '', ...others] = commandsOf(more);
    expect([test, others]).toEqual(['npm test', []]);
    expect(await paste(demo)).toMatch(/The platform counts \d{5} demo events/);
    const billed = await paste(bill);
    expect(billed).toContain('demo-harbour-logistics  in_');
    expect(billed).toContain('difference between Stripe and our invoices: 0\n');
  });
});

describe('platform.json', () => {
  it('is for its owner only and says where everything is', () => {
    expect(statSync(platformFile()).mode & 0o777).toBe(0o600);
    const { processes, urls, ...rest } = readPlatform();
    const at = (name: keyof Ports) => `127.0.0.1:${ports[name]}`;
    expect(urls).toMatchObject({
      ingest: `http://${at('ingest-api')}`,
      console: `http://${at('console')}`,
    });
    expect(rest).toEqual({
      kafka_brokers: at('kafka'),
      clickhouse_url: expect.stringMatching(`^http://default:[\\w-]{24}@${at('clickhouse')}$`),
      redis_url: expect.stringMatching(`^redis://:[\\w-]{24}@${at('redis')}$`),
      database_url: expect.stringContaining(`@${at('postgres')}/`),
      database_urls: Object.fromEntries(
        ['aggregator', 'billing', 'console', 'ingest-api', 'notifier'].map((app) => [
          app,
          expect.stringContaining(`//reckoner_${app.replace('-', '_')}:`),
        ]),
      ),
      stripe_url: `http://${at('stripe-sim')}`,
      stripe_key: expect.stringMatching(/^sk_test_/),
      project: 'demo',
      api_key: expect.stringMatching(/^rk_/),
      admin_key: expect.stringMatching(/^rk_/),
    });
    expect(processes.map(({ name }) => name).sort((a, b) => (a < b ? -1 : 1))).toEqual([
      'aggregator',
      'billing',
      'clickhouse',
      'console',
      'ingest-api',
      'kafka',
      'notifier',
      'postgres',
      'pricing-worker',
      'redis',
      'stripe-sim',
    ]);
  });

  it("gives each program's own pid, and its log", () => {
    for (const { name, pid, log } of readPlatform().processes) {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      expect([name, words[0]]).toEqual([name, expect.stringMatching(programOf(name))]);
      expect(existsSync(log)).toBe(true);
    }
  });
});

function programOf(name: string): RegExp {
  const engines: Record<string, RegExp> = { kafka: /java$/, postgres: /postgres/, redis: /redis/ };
  return engines[name] ?? /node$/;
}

describe('Ctrl-C', () => {
  it('leaves no process and no platform.json; the next start goes on with the data', async () => {
    const { processes, api_key } = readPlatform();
    await start.interrupt();
    expect(start.output).toContain('Stopped. The data stays');
    expect(start.hasGroup()).toBe(false);
    expect(processes.filter(({ pid }) => identifyProcess(pid) !== undefined)).toEqual([]);
    expect(existsSync(platformFile())).toBe(false);
    start = await startPlatform();
    expect(readPlatform().api_key).toBe(api_key);
    const usage = await paste(`${keyLine()}\n${look}`);
    expect(usage).toContain('"cost":"0.015"');
    expect(usage).toContain('"events":2,');
  });
});
