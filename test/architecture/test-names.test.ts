import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { repositoryRoot } from '../../dev/repository-root.js';
import { type Check, findText, readRepositoryFiles } from './repository-files.js';

/** The names by which Jest finds tests; see `jest.config.js`. */
const TEST_NAME =
  /^((apps|libs|dev)\/.*\.spec|libs\/.*\.engine\.test|test\/(architecture|contract|e2e|faults|integration|invariants|simulation)\/.*\.test)\.ts$/;

/** Under another name a test would lie there and never run. */
const findUnnamedTests: Check = (files) =>
  findText(
    files,
    (path) => path.endsWith('.ts') && !TEST_NAME.test(path),
    /^(describe|it)([.]each)?\(/m,
  );

/** Globs of built files; those that begin with `!` are left out. */
interface Project {
  displayName: string;
  testMatch: string[];
}

function filesOf({ testMatch }: Project): string[] {
  const leftOut = testMatch.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  const matched = testMatch
    .filter((glob) => !glob.startsWith('!'))
    .flatMap((glob) => globSync(glob));
  return matched.filter((file) => !leftOut.includes(file));
}

async function projectsOfJest(): Promise<Project[]> {
  const config = (await import(join(repositoryRoot, 'jest.config.js'))) as {
    default: { projects: Project[] };
  };
  return config.default.projects;
}

describe('every test', () => {
  it('has a name by which it is found', () => {
    expect(findUnnamedTests(readRepositoryFiles())).toEqual([]);
  });

  it('would be missed under another', () => {
    const text = "describe('a table', () => {});\n";
    const paths = ['libs/a/src/table.engine.ts', 'test/more/a.test.ts', 'libs/a/src/a.spec.ts'];
    expect(findUnnamedTests(paths.map((path) => ({ path, text })))).toEqual([
      'libs/a/src/table.engine.ts:1: describe(',
      'test/more/a.test.ts:1: describe(',
    ]);
  });

  it('is of one project of Jest, and every file that is to run alone is there', async () => {
    const projects = await projectsOfJest();
    const files = projects.flatMap(filesOf);
    expect(files.filter((file, n) => files.indexOf(file) !== n)).toEqual([]);
    const alone = projects.filter(({ displayName }) => displayName.endsWith('-alone'));
    expect(alone.map(({ displayName }) => displayName)).toEqual([
      'engines-alone',
      'platform-alone',
    ]);
    const named = alone.flatMap(({ testMatch }) => testMatch);
    expect(named.filter((file) => globSync(file).length === 0)).toEqual([]);
  });
});
