import { execFile } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '../../dev/repository-root.js';
import { type SampleTree } from './sample-tree.js';

const run = promisify(execFile);
const CRUISER = join(repositoryRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
const packages = ['kafkajs', '@clickhouse/client', 'ioredis', 'kysely', 'stripe', 'yaml'];

export interface Violation {
  from: string;
  to: string;
  rule: { name: string };
}

/** What the repository's own dependency rules find in a sample tree. */
export async function cruise(
  tree: SampleTree,
  folders: readonly string[] = ['apps', 'libs', 'dev', 'test'],
): Promise<Violation[]> {
  for (const settings of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
    copyFileSync(join(repositoryRoot, settings), join(tree.path, settings));
  for (const name of [...packages, '@nestjs/common', 'left-pad']) {
    tree.write({
      [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: 'index.js' }),
      [`node_modules/${name}/index.js`]: '',
    });
  }
  const args = [CRUISER, '--output-type', 'json', ...folders];
  const { stdout } = await run(process.execPath, args, { cwd: tree.path, timeout: 60_000 }).catch(
    (error: { stdout: string }) => error,
  );
  return (JSON.parse(stdout) as { summary: { violations: Violation[] } }).summary.violations;
}
