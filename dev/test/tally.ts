/** What a test run counts: single tests, and each check as one. */
export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** The parts of Jest's JSON report that are counted. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Files that broke before their first test. */
  numRuntimeErrorTestSuites: number;
  /** False also for what no count shows, such as an error after the last test. */
  success: boolean;
}

export function tallyCheck(ok: boolean): Tally {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
}

/** Counts a Jest run; one that broke without a failed test still counts as one failure. */
export function tallyJest(report: JestReport | undefined): Tally {
  if (report === undefined) return tallyCheck(false);
  const counted = report.numFailedTests + report.numRuntimeErrorTestSuites;
  return {
    passed: report.numPassedTests,
    failed: report.success ? counted : Math.max(1, counted),
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

export function addTallies(tallies: Tally[]): Tally {
  const sum = (of: (tally: Tally) => number) =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  };
}

/** The closing line of a run; others read it, so its form is fixed. */
export function writeClosingLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
