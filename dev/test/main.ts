import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform } from '../platform/platform.js';
import { startPlatform } from '../platform/start-platform.js';
import { Progress } from '../progress.js';
import { repositoryRoot } from '../repository-root.js';
import { removeAbandonedPlatforms } from './abandoned-platforms.js';
import { runChecks } from './run-checks.js';
import { ENGINELESS, runJest, type JestProject, RUN_MS_MAX } from './run-jest.js';
import { addTallies, tallyCheck, writeClosingLine, type Tally } from './tally.js';

const jestProjects = ['unit', 'architecture', 'simulation', 'engines', 'platform'] as const;
const stageNames = ['checks', ...jestProjects] as const;

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

async function runTests(project: JestProject, patterns: string[]): Promise<Tally> {
  const options = { patterns, endsAtMs, signal: interrupted.signal };
  if (ENGINELESS.has(project)) return runJest(project, { ...options, env: {} });
  try {
    if (project === 'platform') return await runJest(project, { ...options, env: {} });
    const engines = await startPlatform({ directory: engineDirectory, apps: [], progress });
    const platformFile = join(engineDirectory, 'platform.json');
    const env = { RECKONER_TEST_PLATFORM: platformFile };
    try {
      return await runJest(project, { ...options, env });
    } finally {
      await stopEngines(engines);
    }
  } catch (error) {
    progress.say(`  FAIL the engines for the ${project} tests\n${String(error)}`);
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
