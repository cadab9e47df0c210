import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../platform/platform.js';
import { cacheDirectory } from '../platform/platform-directory.js';
import { startPlatform } from '../platform/start-platform.js';
import { prepareEngineTools } from '../prerequisites/prepare-prerequisites.js';
import { Progress } from '../progress.js';
import { repositoryRoot } from '../repository-root.js';
import { removeAbandonedPlatforms } from './abandoned-platforms.js';
import { runChecks } from './run-checks.js';
import { type JestProject, RUN_MS_MAX, runJest } from './run-jest.js';
import { addTallies, tallyCheck, writeClosingLine, type Tally } from './tally.js';

const stageNames = ['checks', 'unit', 'architecture', 'simulation', 'engines', 'platform'] as const;
type TestStage = Exclude<(typeof stageNames)[number], 'checks'>;

const testFolder = join(repositoryRoot, '.reckoner-test');
const engineDirectory = join(testFolder, `run-${process.pid}`);
const progress = new Progress();
const interrupted = new AbortController();
const endsAtMs = performance.now() + RUN_MS_MAX;

/** `npm test`: everything. `npm test -- unit engines libs/kafka`: those stages, only tests whose path matches. */
async function main(args: string[]): Promise<Tally> {
  const isStage = (word: string) => stageNames.some((name) => name === word);
  const chosen = args.filter(isStage);
  const patterns = args.filter((word) => !isStage(word));
  const stages = stageNames.filter((name) => chosen.length === 0 || chosen.includes(name));
  mkdirSync(testFolder, { recursive: true });
  await removeAbandonedPlatforms(testFolder);
  const tallies: Tally[] = [];
  for (const stage of stages) {
    if (interrupted.signal.aborted) break;
    progress.say(`\n== ${stage}`);
    if (stage === 'checks') {
      tallies.push(...(await runChecks((line) => progress.say(line), interrupted.signal)));
    } else {
      tallies.push(await runTests(stage, patterns));
    }
  }
  return addTallies(tallies);
}

async function runTests(stage: TestStage, patterns: string[]): Promise<Tally> {
  const run = (project: JestProject, env: Record<string, string> = {}) =>
    runJest(project, { patterns, endsAtMs, signal: interrupted.signal, env });
  if (stage !== 'engines' && stage !== 'platform') return run(stage);
  try {
    if (stage === 'platform') {
      // Once, and not by each of the processes that start platforms.
      await prepareEngineTools(cacheDirectory, progress);
      return addTallies([await run('platform'), await run('platform-alone')]);
    }
    const engines = await startPlatform({ directory: engineDirectory, apps: [], progress });
    const env = { RECKONER_TEST_PLATFORM: join(engineDirectory, 'platform.json') };
    try {
      return addTallies([await run('engines', env), await run('engines-alone', env)]);
    } finally {
      await stopEngines(engines);
    }
  } catch (error) {
    progress.say(`  FAIL the engines for the ${stage} tests\n${String(error)}`);
    return tallyCheck(false);
  } finally {
    // A test process that was ended by force leaves its engines behind.
    await removeAbandonedPlatforms(testFolder);
  }
}

async function stopEngines(engines: Platform): Promise<void> {
  await engines.stop();
  rmSync(engineDirectory, { recursive: true, force: true });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupted.abort());
}
process.on('disconnect', () => interrupted.abort());
const tally = await main(process.argv.slice(2)).catch((error: unknown) => {
  progress.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return tallyCheck(false);
});
if (interrupted.signal.aborted) tally.failed += 1;
progress.say(`\n${writeClosingLine(tally)}`);
process.exit(tally.failed > 0 ? 1 : 0);
