import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { byTestLength } from '#testing';
import { repositoryRoot } from '../repository-root.js';
import { runCommand } from './run-command.js';
import { tallyJest, type JestReport, type Tally } from './tally.js';

export type JestProject = 'unit' | 'architecture' | 'simulation' | 'engines' | 'platform';

/** Those that start no engine. */
export const ENGINELESS: ReadonlySet<JestProject> = new Set(['unit', 'architecture', 'simulation']);
/** How many files run beside each other: with engines, one. Two cores are few, and tests of one server share its clocks. */
const WORKERS: Readonly<Record<JestProject, string>> = {
  unit: '100%',
  architecture: '100%',
  simulation: '100%',
  engines: '1',
  platform: '1',
};

/**
 * Healthy code must not fail for being slow: the stages share this time, twice what they take at rest, and each
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
  const report = join(repositoryRoot, '.reckoner-test', `${project}-${process.pid}.json`);
  const flags = ['--selectProjects', project, '--ci', `--maxWorkers=${WORKERS[project]}`];
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
    env: run.env,
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
