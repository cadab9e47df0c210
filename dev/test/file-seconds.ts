/**
 * What the longest test files take at rest, on two cores. Measured on 29 November 2026; only the order of files and their
 * shares follow from it, so that a number that is wrong costs some seconds and no test.
 */
const FILE_SECONDS: Readonly<Record<string, number>> = {
  'test/faults/failpoints': 227,
};

const OTHERS = 3;

/** @param path of a built test file */
export function secondsOf(path: string): number {
  const name = /\/dist\/(.+?)[.](engine[.])?(test|spec)[.]js$/.exec(path)?.[1] ?? '';
  return FILE_SECONDS[name] ?? OTHERS;
}
