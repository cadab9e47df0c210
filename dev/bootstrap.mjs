// The first file of every command. It runs on whatever Node >= 20.19 the machine has, before anything is installed: plain
// JavaScript, no dependencies. It installs, builds when sources changed, and hands over to the built program on Node 24.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWhenSourcesChanged } from './bootstrap/build.mjs';
import { installWhenLockChanged } from './bootstrap/install.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { readPlatformEnvironment } from './bootstrap/platform-environment.mjs';
import { PlainError } from './bootstrap/plain-error.mjs';
import { runAndForwardSignals } from './bootstrap/run.mjs';
import { assertNodeVersion, findRuntime } from './bootstrap/runtime.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

const STORES = ['DATABASE_URL', 'CLICKHOUSE_URL'];

/** Tests that have a long form. */
const LONG_TESTS = [
  'test/simulation',
  'billing-faults',
  'thousand-budgets',
  'random-kills',
  'faults/backlog-killed',
  'faults/clusters',
  'faults/endurance',
  'faults/noisy-neighbour',
];

/** What each verb runs, below dist/. A verb with `needs` is told where the running platform is unless the environment has all of them. */
const verbs = {
  start: { entry: 'dev/start.js' },
  test: { entry: 'dev/test/main.js', countsBuildErrors: true },
  soak: {
    entry: 'dev/test/main.js',
    args: ['simulation', 'engines', 'platform', ...LONG_TESTS],
    env: { TEST_LENGTH: 'long' },
  },
  engines: { entry: 'dev/test/serve-engines.js' },
  demo: { entry: 'dev/demo/main.js', needs: ['INGEST_URL', 'CONSOLE_URL', 'API_KEY'] },
  bill: { entry: 'apps/billing/src/bill.js', needs: STORES, app: 'billing' },
  audit: { entry: 'apps/aggregator/src/audit.js', needs: STORES, app: 'aggregator' },
  bench: { entry: 'bench/main.js' },
  anomalies: { entry: 'bench/anomalies/main.js' },
  mutants: { entry: 'dev/mutants/main.js' },
};

async function main([name, ...args]) {
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
  if (verb === undefined) {
    throw new PlainError(
      `Usage: node dev/bootstrap.mjs <${Object.keys(verbs).join('|')}> [options]`,
    );
  }
  assertNodeVersion();
  const found = verb.needs
    ? await readPlatformEnvironment(root, process.env, verb.needs, verb.app)
    : {};
  const buildOutcome = await withLock(join(root, '.reckoner'), async () => {
    await installWhenLockChanged(root);
    return buildWhenSourcesChanged(root, findRuntime(root));
  });
  if (!buildOutcome.ok && !verb.countsBuildErrors) {
    throw new PlainError(
      `${buildOutcome.output}\nThe build failed: mend the errors above and try again.`,
    );
  }
  const script = join(root, 'dist', verb.entry);
  if (!existsSync(script)) throw new PlainError(`${name} is not part of this build (${script}).`);
  const env = { ...process.env, ...found, ...verb.env };
  return runAndForwardSignals(findRuntime(root), [script, ...(verb.args ?? []), ...args], env);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof PlainError ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
