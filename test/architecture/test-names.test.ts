import { describe, expect, it } from '@jest/globals';
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
});
