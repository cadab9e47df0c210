import { describe, expect, it } from '@jest/globals';
import { addTallies, tallyCheck, tallyJest, writeClosingLine, type JestReport } from './tally.js';

const report: JestReport = {
  numPassedTests: 40,
  numFailedTests: 2,
  numPendingTests: 3,
  numTodoTests: 1,
  numRuntimeErrorTestSuites: 1,
  success: false,
};

describe('the tally of a test run', () => {
  it('adds checks and tests up into the closing line', () => {
    const total = addTallies([tallyCheck(true), tallyCheck(false), tallyJest(report)]);
    expect(writeClosingLine(total)).toBe('41 passed, 4 failed, 4 skipped');
  });

  it('counts a run without a report, and one that broke outside its tests, as a failure', () => {
    expect(tallyJest(undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 });
    const broken = { ...report, numFailedTests: 0, numRuntimeErrorTestSuites: 0 };
    expect(tallyJest(broken).failed).toBe(1);
  });
});
