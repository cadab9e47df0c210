import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { byTestLength } from '#testing';
import { cacheDirectory } from '../platform/platform-directory.js';
import { repositoryRoot } from '../repository-root.js';
import { runCommand } from './run-command.js';
import { addTallies, tallyJest, type JestReport, type Tally } from './tally.js';

/** The projects of `jest.config.js`. */
export type JestProject =
  | 'unit'
  | 'architecture'
  | 'simulation'
  | 'engines'
  | 'engines-alone'
  | 'platform'
  | 'platform-alone';

/** Those that start no engine: Jest spreads their files over every core. */
const ENGINELESS: ReadonlySet<JestProject> = new Set(['unit', 'architecture', 'simulation']);
/**
 * The files of these are shared out among so many processes, since they wait for their platforms half of the time. Each process
 * runs one file after another in itself: what a file leaves open keeps it from ending, and is noticed. The long forms need all of a machine.
 */
const PROCESSES = byTestLength<Readonly<Partial<Record<JestProject, number>>>>({
  short: { platform: 2 },
  long: {},
});

/**
 * Healthy code must not fail for being slow: the stages share this time, three times what they take at rest, and each
 * may use what the others leave. The long forms take hours.
 */
export const RUN_MS_MAX = byTestLength({ short: 85 * 60_000, long: 12 * 3_600_000 });
/** A run whose report is written but which does not end holds something open. */
const EXIT_MS_MAX = 15_000;

interface JestRun {
  patterns: string[];
  env: Record<string, string>;
  /** Where `performance.now()` stands when the whole run has to be over. */
  endsAtMs: number;
  signal: AbortSignal;
}

/** Runs one Jest project on the build and counts it. */
export async function runJest(project: JestProject, run: JestRun): Promise<Tally> {
  const shares = PROCESSES[project] ?? 1;
  const running = Array.from({ length: shares }, (_, n) => runShare(project, n + 1, shares, run));
  return addTallies(await Promise.all(running));
}

async function runShare(
  project: JestProject,
  share: number,
  shares: number,
  run: JestRun,
): Promise<Tally> {
  const name = `${project}-${share}-${process.pid}`;
  const report = join(repositoryRoot, '.reckoner-test', `${name}.json`);
  const flags = ['--selectProjects', project, '--ci', `--shard=${share}/${shares}`];
  flags.push(ENGINELESS.has(project) ? '--maxWorkers=100%' : '--runInBand');
  flags.push('--json', `--outputFile=${report}`);
  const jest = 'node --experimental-vm-modules --no-warnings node_modules/jest/bin/jest.js';
  const words = [...flags, '--passWithNoTests', '--testPathPatterns', ...run.patterns];
  if (run.patterns.length === 0) words.pop();
  const hung = new AbortController();
  const watch = setInterval(() => {
    if (!existsSync(report)) return;
    clearInterval(watch);
    setTimeout(() => hung.abort(), EXIT_MS_MAX).unref();
  }, 500);
  // What people read comes on standard error; standard output only says where the report lies.
  const { ok } = await runCommand(`${jest} ${words.map(quote).join(' ')} >/dev/null`, {
    env: {
      ...run.env,
      TEST_SHARE: `${share}/${shares}`,
      // Hundreds of processes of the same few programs are started: what was compiled for one serves the next.
      NODE_COMPILE_CACHE: join(cacheDirectory, 'compiled'),
    },
    live: true,
    timeoutMs: Math.max(0, run.endsAtMs - performance.now()),
    signal: AbortSignal.any([run.signal, hung.signal]),
  });
  clearInterval(watch);
  const tally = tallyJest(readReport(report));
  rmSync(report, { force: true });
  if (ok || tally.failed > 0) return tally;
  process.stderr.write(`the ${project} tests passed but did not end by themselves\n`);
  return { ...tally, failed: 1 };
}

function readReport(file: string): JestReport | undefined {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
