import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../repository-root.js';
import { runCommand } from './run-command.js';
import { tallyCheck, type Tally } from './tally.js';

const CHECK_MS_MAX = 5 * 60_000;

/** The scripts of package.json that judge the sources as they are, by the name under which they are reported. */
const checks: Record<string, string> = {
  format: 'format:check',
  lint: 'lint',
  'dependency rules': 'dependencies:check',
};

/** Runs format, lint, types and dependency rules; each counts as one, and none hides another. */
export async function runChecks(
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<Tally[]> {
  const tallies = [reportTypes(say)];
  const manifest = readFileSync(join(repositoryRoot, 'package.json'), 'utf8');
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> };
  for (const [name, script] of Object.entries(checks)) {
    const startedAt = performance.now();
    const options = { timeoutMs: CHECK_MS_MAX, signal };
    const { ok, output } = await runCommand(scripts[script] ?? 'false', options);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(ok ? `  ok   ${name} (${seconds} s)` : `  FAIL ${name} (npm run ${script})\n${output}`);
    tallies.push(tallyCheck(ok));
  }
  return tallies;
}

/** The build has checked the types already; it leaves its errors behind when there are any. */
function reportTypes(say: (line: string) => void): Tally {
  const file = join(repositoryRoot, 'dist', '.build-errors');
  const ok = !existsSync(file);
  say(ok ? '  ok   types' : `  FAIL types (npm run build)\n${readFileSync(file, 'utf8')}`);
  return tallyCheck(ok);
}
