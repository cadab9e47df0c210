/** No revision ends so. */
const MIXED = '|mixed';

/**
 * What stands in place of `recorded` once a counter is added to that is held against the limits of `revision`. Where the two
 * differ, some of the counters are held against these and some against those: whoever comes next holds all of them anew.
 */
export function mixedRevision(recorded: string, revision: string): string {
  return recorded === revision || recorded.endsWith(MIXED) ? recorded : recorded + MIXED;
}
