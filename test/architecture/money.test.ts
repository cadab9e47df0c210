import { describe, expect, it } from '@jest/globals';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';

const files = readRepositoryFiles();
const isMoney = (path: string): boolean =>
  /^libs\/(money|rating|invoicing)\/.*[.]ts$/.test(path) && !isTest(path);

/** Where a number is made on purpose, and of what. */
const numbersOf: Record<string, string> = {
  'libs/rating/src/price-catalogue.ts': 'parts of a date',
  'libs/rating/src/price-epochs.ts': 'parts of a time of day',
  'libs/rating/src/price-charges.ts': 'a count of lines',
  'libs/rating/src/exact-price.ts': 'the exponent of a decimal',
  'libs/invoicing/src/billing-period.ts': 'year and month',
};

const findFloats: Check = (all) =>
  findText(
    all,
    isMoney,
    /\b(parseFloat|toFixed|toPrecision|Math[.](round|floor|ceil|trunc|pow))\b/,
  );

const findNumbers: Check = (all) =>
  findText(
    all,
    (path) => isMoney(path) && numbersOf[path] === undefined,
    /\bNumber\(|\bparseInt\b/,
  );

describe('money code', () => {
  it('uses no floating-point arithmetic', () => {
    const text = 'const dollars = parseFloat(text); const rounded = Math.round(dollars);';
    expect(findFloats([{ path: 'libs/money/src/a.ts', text }])).toEqual([
      'libs/money/src/a.ts:1: parseFloat',
      'libs/money/src/a.ts:1: Math.round',
    ]);
    expect(findFloats(files)).toEqual([]);
  });

  it('makes no numbers of text but for those that are no money', () => {
    const text = 'const dollars = Number(text);\nconst cents = parseInt(text);';
    expect(findNumbers([{ path: 'libs/invoicing/src/a.ts', text }])).toHaveLength(2);
    expect(findNumbers(files)).toEqual([]);
  });

  it('has no exception that is not needed', () => {
    const needed = findText(files, (path) => numbersOf[path] !== undefined, /\bNumber\(/);
    expect(new Set(needed.map((line) => line.split(':')[0]))).toEqual(
      new Set(Object.keys(numbersOf)),
    );
  });
});
