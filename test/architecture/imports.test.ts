import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../../dev/repository-root.js';
import { readRepositoryFiles, type RepositoryFile } from './repository-files.js';

type Paths = Record<string, string[]>;

const read = (name: string): string => readFileSync(join(repositoryRoot, name), 'utf8');
const { imports } = JSON.parse(read('package.json')) as { imports: Record<string, string> };
const sources = JSON.parse(read('tsconfig.json')) as { compilerOptions: { paths: Paths } };
const build = JSON.parse(read('tsconfig.build.json')) as { compilerOptions: { paths: Paths } };

/** Where the source of a built file is. */
const sourceOf = (built: string): string =>
  built.replace(/^\.\/dist\//, './').replace(/\.js$/, '.ts');

/** The source that a `#name` leads to: of the patterns that fit, the longest. */
function resolve(specifier: string, paths: Paths): string | undefined {
  const found = Object.entries(paths)
    .toSorted(([a], [b]) => b.length - a.length)
    .flatMap(([pattern, [target = '']]) => {
      const [before = '', after = ''] = pattern.split('*');
      if (!specifier.startsWith(before) || !specifier.endsWith(after)) return [];
      const name = specifier.slice(before.length, specifier.length - after.length);
      return [target.replace('*', name)];
    });
  return found[0];
}

function findUnresolved(
  files: readonly RepositoryFile[],
  paths: Paths,
  exists: (source: string) => boolean,
): string[] {
  return files
    .filter(({ path }) => path.endsWith('.ts'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^(?:import|export)\b[^;]*?from '(#[^']+)';|^import '(#[^']+)';/gm)]
        .map(([, named, bare]) => named ?? bare ?? '')
        .filter((specifier) => !exists(resolve(specifier, paths) ?? ''))
        .map((specifier) => `${path}: ${specifier}`),
    );
}

describe('a #name', () => {
  it('leads tools to the source of what Node runs', () => {
    const mirrored = Object.fromEntries(
      Object.entries(imports).map(([pattern, built]) => [pattern, [sourceOf(built)]]),
    );
    expect(sources.compilerOptions.paths).toEqual(mirrored);
    expect(sourceOf('./dist/libs/*/src/writes.js')).toBe('./libs/*/src/writes.ts');
  });

  it('stays as it is written in the build', () => {
    expect(build.compilerOptions.paths).toEqual({});
  });

  it('has a source wherever it is imported', () => {
    const paths = { '#*/writes': ['./libs/*/src/writes.ts'], '#*': ['./libs/*/src/index.ts'] };
    const text =
      "import { a } from '#money';\nimport type { B } from '#redis/writes';\nimport '#no';\n";
    const known = new Set(['./libs/money/src/index.ts']);
    const sample = [{ path: 'apps/a/src/a.ts', text }];
    expect(findUnresolved(sample, paths, (source) => known.has(source))).toEqual([
      'apps/a/src/a.ts: #redis/writes',
      'apps/a/src/a.ts: #no',
    ]);
    const exists = (source: string) => existsSync(join(repositoryRoot, source));
    expect(findUnresolved(readRepositoryFiles(), sources.compilerOptions.paths, exists)).toEqual(
      [],
    );
  });
});
