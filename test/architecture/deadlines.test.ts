import { describe, expect, it } from '@jest/globals';
import { type Check, findText, isTest, readRepositoryFiles } from './repository-files.js';

/** A race needs care: the timer that loses must be cleared, and who comes late must not fail unheard. */
const findRaces: Check = (files) =>
  findText(
    files,
    (path) =>
      /^(apps|libs|dev|bench)\/.*[.]ts$/.test(path) &&
      !isTest(path) &&
      path !== 'libs/platform/src/with-deadline.ts',
    /\bPromise\s*[?]?[.]\s*race\b/,
  );

describe('a race with a timer', () => {
  it('is run in one place, libs/platform/src/with-deadline.ts', () => {
    const samples = ['apps/a/src/a.ts', 'libs/platform/src/health.ts', 'dev/start/a.ts'].map(
      (path) => ({ path, text: 'return await Promise.race([work, tooLate]);' }),
    );
    expect(findRaces(samples)).toHaveLength(samples.length);
    expect(findRaces(readRepositoryFiles())).toEqual([]);
  });
});
