import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PlatformFile } from '../../dev/platform/platform-file.js';
import { findFreePorts, portNames } from '../../dev/platform/ports.js';
import { identifyProcess } from '../../dev/supervision/process-identity.js';
import { ApiClient } from './api-client.js';
import { ForegroundCommand } from './foreground-command.js';

const READY_MS_MAX = 120_000;
const REFUSED_MS_MAX = 20_000;

describe('npm start after npm start was killed', () => {
  let directory: string;
  let portOptions: string;
  let running: ForegroundCommand | undefined;

  beforeAll(async () => {
    directory = realpathSync(mkdtempSync(join(process.cwd(), '.reckoner-test', 'killed-start-')));
    const ports = await findFreePorts();
    portOptions = portNames.map((name) => `--${name}-port=${ports[name]}`).join(' ');
  });
  afterAll(async () => {
    await running?.interrupt();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = () => {
    const script = join(process.cwd(), 'dist', 'dev', 'start.js');
    const command = `'${process.execPath}' '${script}' --directory '${directory}' ${portOptions}`;
    return new ForegroundCommand(command, { STRIPE_SECRET_KEY: '' });
  };
  const read = (file: string): unknown => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  const supervisorPid = () => (read('supervisor.json') as { pid: number }).pid;

  it('refuses to start a second platform on the same data and names the first', async () => {
    running = start();
    await running.waitForText('Ctrl-C stops everything', READY_MS_MAX);
    const second = start();
    await second.waitForText(`(process ${supervisorPid()})`, REFUSED_MS_MAX);
    expect(second.output).toContain(`A platform is already running in ${directory}`);
    expect(second.output).toContain(`kill ${supervisorPid()}`);
    expect(second.output).not.toContain('    at ');
  });

  it('ends what the killed one left and goes on with its data', async () => {
    const before = read('platform.json') as PlatformFile;
    const client = new ApiClient(
      { ingest: before.urls.ingest ?? '', console: before.urls.console ?? '' },
      before.api_key,
    );
    const event = { id: 'e1', customer: 'acme', model: 'gpt-4o', usage: { input_tokens: 1_000 } };
    expect((await client.send(event)).status).toBe(202);
    process.kill(supervisorPid(), 'SIGKILL');

    running = start();
    await running.waitForText('Ctrl-C stops everything', READY_MS_MAX);
    expect(running.output).toContain('ended what a killed start had left: ');
    const leftovers = before.processes.filter(({ pid }) => identifyProcess(pid) !== undefined);
    expect(leftovers).toEqual([]);
    await client.waitUntilCounted();
    // 1,000 at 2.50 dollars a million.
    expect(await client.usage('?customer=acme')).toMatchObject([{ events: 1, cost: '0.0025' }]);
  });

  it('refuses data of another version by its number, without touching it', async () => {
    await running?.interrupt();
    writeFileSync(join(directory, 'data-version'), '99\n');
    const refused = start();
    await refused.waitForText('is of version 99', REFUSED_MS_MAX);
    expect(refused.output).toContain('npm start -- --fresh');
    running = undefined;
  });
});
