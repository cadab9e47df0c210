import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../../dev/repository-root.js';
import { isTest, readRepositoryFiles, type RepositoryFile } from './repository-files.js';

interface Manifest {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as Manifest;
const files = readRepositoryFiles();

/** Packages that no file names because another package asks for them at run time. */
const askedForBy: Record<string, string> = {
  '@fastify/static': '@nestjs/swagger serves its page by it',
};

/** Builds of the engine for other systems, of which the registry that the lock was made from had no copy to take a hash of. */
const NOT_SERVED = ['@chdb/lib-darwin-arm64', '@chdb/lib-darwin-x64', '@chdb/lib-linux-arm64-gnu'];

function findUnused(dependencies: readonly string[], all: readonly RepositoryFile[]): string[] {
  const shipped = all.filter(
    ({ path }) => /^(apps|libs|dev\/stripe-sim)\/.*[.]ts$/.test(path) && !isTest(path),
  );
  return dependencies
    .filter((name) => askedForBy[name] === undefined)
    .filter((name) => !shipped.some(({ text }) => new RegExp(`'${name}(/[^']*)?'`).test(text)));
}

const findRanges = (versions: Record<string, string>): string[] =>
  Object.entries(versions)
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${name}: ${version}`);

describe('packages', () => {
  it('are declared in the root package.json alone', () => {
    const manifests = files.filter(({ path }) => path.endsWith('package.json'));
    expect(manifests.map(({ path }) => path)).toEqual(['package.json']);
  });

  it('have exact versions', () => {
    expect(findRanges({ kafkajs: '^2.2.4', pg: '8.23.1' })).toEqual(['kafkajs: ^2.2.4']);
    expect(findRanges({ ...manifest.dependencies, ...manifest.devDependencies })).toEqual([]);
  });

  it('are used when they ship', () => {
    const path = 'libs/kafka/src/a.ts';
    const text = "import kafkajs from 'kafkajs';";
    expect(findUnused(['kafkajs', 'left-pad'], [{ path, text }])).toEqual(['left-pad']);
    expect(findUnused(Object.keys(manifest.dependencies), files)).toEqual([]);
  });

  it('are locked by what they hold: nobody can put another content under a version', () => {
    const lock = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { integrity?: string }>;
    };
    const unheld = Object.entries(lock.packages)
      .filter(([path, { integrity }]) => path !== '' && !/^sha512-.{88}$/.test(integrity ?? ''))
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(unheld).toEqual(NOT_SERVED);
  });

  it('are locked without the address of a registry', () => {
    const lock = readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8');
    expect(lock).not.toContain('"resolved"');
  });
});
