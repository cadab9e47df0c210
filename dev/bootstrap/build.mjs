import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { slowStep } from './slow-step.mjs';

const SOURCE_FOLDERS = ['apps', 'libs', 'dev', 'test', 'bench'];
const SETTINGS = [
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'package.json',
  'package-lock.json',
];

/** Builds into dist/ unless it holds the build of exactly these sources. A failed build is reported, not thrown: tests count it. */
export async function buildWhenSourcesChanged(root, runtime) {
  const sources = fingerprint(root);
  const stamp = join(root, 'dist', '.sources');
  const built = existsSync(stamp) ? readFileSync(stamp, 'utf8') : '';
  if (built === `${sources} ${compiledAt(root)}`) return { ok: true, output: '' };
  return slowStep('build', async () => {
    rmSync(stamp, { force: true });
    removeOutputsOfDeletedSources(root);
    const outcome = await runBuild(root, runtime);
    // For `npm test`, which counts a failed build as one failed check and runs what came out of it.
    const errors = join(root, 'dist', '.build-errors');
    if (outcome.ok) rmSync(errors, { force: true });
    else writeFileSync(errors, outcome.output);
    if (outcome.ok) writeFileSync(stamp, `${sources} ${compiledAt(root)}`);
    return outcome;
  });
}

function fingerprint(root) {
  const hash = createHash('sha256');
  const sources = SOURCE_FOLDERS.flatMap((folder) => listFiles(join(root, folder)));
  for (const file of [...SETTINGS.map((name) => join(root, name)), ...sources]) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}

/** When the compiler last ran: by hand it may have compiled other sources in between. */
function compiledAt(root) {
  const record = join(root, 'dist', '.tsbuildinfo');
  return existsSync(record) ? statSync(record).mtimeMs : 0;
}

/** A compiled test whose source is gone would run for ever. */
function removeOutputsOfDeletedSources(root) {
  for (const folder of SOURCE_FOLDERS) {
    for (const output of listFiles(join(root, 'dist', folder))) {
      const path = join(root, relative(join(root, 'dist'), output));
      const source = path.replace(/\.js(\.map)?$/, '.ts');
      if (!existsSync(source) && !existsSync(path)) rmSync(output);
    }
  }
}

async function runBuild(root, runtime) {
  const nest = join(root, 'node_modules', '@nestjs', 'cli', 'bin', 'nest.js');
  const child = spawn(runtime, [nest, 'build'], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  return { ok: code === 0, output };
}

function listFiles(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort((a, b) => (a < b ? -1 : 1));
}
