/** Where the first record of one partition of a send lies. */
export interface BaseOffset {
  partition: number;
  baseOffset: string;
}

/**
 * What became of a send.
 * `acknowledged`: every in-sync replica has every record.
 * `unknown`: some, all or none of the records may be in the log, now or a moment later. Repeat with the same ids.
 * `refused`: none of the records is in the log or will be.
 */
export type SendOutcome =
  | { state: 'acknowledged'; offsets: BaseOffset[] }
  | { state: 'unknown'; reason: string }
  | { state: 'refused'; reason: string };
