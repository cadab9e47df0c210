import { basename } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Check, findText, readRepositoryFiles } from './repository-files.js';

const LINES_MAX = 300;
const CODE = /[.](ts|tsx|mjs|cjs|js|sql|lua)$/;
const files = readRepositoryFiles();

const findLong: Check = (all) =>
  all
    .filter(({ path }) => CODE.test(path))
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > LINES_MAX)
    .map(({ path, lines }) => `${path}: ${lines} lines`);

const findUnnamed: Check = (all) =>
  all
    .filter(({ path }) => /^(apps|libs|dev|test|bench)\//.test(path))
    .filter(({ path }) =>
      /[/.](utils?|helpers?|common|misc|types|constants|managers?|shared)[/.]/.test(path),
    )
    .map(({ path }) => path);

const findOddlyCased: Check = (all) =>
  all
    .filter(({ path }) => /[.](ts|tsx|mjs)$/.test(path))
    .filter(({ path }) => !/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(basename(path)))
    .map(({ path }) => path);

const findIndexes: Check = (all) =>
  all
    .filter(({ path }) => basename(path) === 'index.ts')
    .filter(({ path }) => !/^libs\/[^/]+\/src\/index[.]ts$/.test(path))
    .map(({ path }) => path);

/** This file names what it looks for. */
const elsewhere = (path: string): boolean => path !== 'test/architecture/file-shape.test.ts';

const findReminders: Check = (all) => findText(all, elsewhere, /\b(TODO|FIXME|XXX|HACK)\b/);

const findSilenced: Check = (all) =>
  findText(all, elsewhere, /@ts-(ignore|nocheck|expect-error)|(eslint|oxlint)-disable/);

const findSkipped: Check = (all) =>
  findText(
    all,
    (path) => path.endsWith('.ts') && elsewhere(path),
    /\b(it|test|describe)[.](skip|only|todo|failing)\b|\b(xit|xtest|xdescribe|fit|fdescribe)\(/,
  );

describe('every file', () => {
  it('has at most 300 lines', () => {
    const long = { path: 'libs/a.ts', text: 'x\n'.repeat(LINES_MAX + 1) };
    expect(findLong([long, { path: 'libs/b.ts', text: 'x\n'.repeat(LINES_MAX) }])).toEqual([
      'libs/a.ts: 301 lines',
    ]);
    expect(findLong(files)).toEqual([]);
  });

  it('is named after what it does', () => {
    const bad = ['libs/a/src/utils.ts', 'dev/helpers/a.ts', 'apps/a/src/a.types.ts'];
    expect(findUnnamed(bad.map((path) => ({ path, text: '' })))).toEqual(bad);
    expect(findUnnamed(files)).toEqual([]);
  });

  it('has a name in kebab-case', () => {
    const bad = [{ path: 'libs/a/src/rateUsage.ts', text: '' }];
    expect(findOddlyCased(bad)).toEqual(['libs/a/src/rateUsage.ts']);
    expect(findOddlyCased(files)).toEqual([]);
  });

  it("is an index only where it is a library's surface", () => {
    expect(findIndexes([{ path: 'apps/a/src/index.ts', text: '' }])).toHaveLength(1);
    expect(findIndexes(files)).toEqual([]);
  });

  it('leaves no reminder behind', () => {
    expect(findReminders([{ path: 'a.ts', text: '// TODO: later' }])).toEqual(['a.ts:1: TODO']);
    expect(findReminders(files)).toEqual([]);
  });

  it('silences no check', () => {
    const text = '// @ts-ignore\n/* oxlint-disable no-shadow */';
    expect(findSilenced([{ path: 'a.ts', text }])).toHaveLength(2);
    expect(findSilenced(files)).toEqual([]);
  });

  it('skips no test', () => {
    const text = "it.skip('a', b);\nxdescribe('a', b);";
    expect(findSkipped([{ path: 'a.spec.ts', text }])).toHaveLength(2);
    expect(findSkipped(files)).toEqual([]);
  });
});
