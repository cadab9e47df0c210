/** The offsets that a partition still holds: from `low` up to, not including, `high`. */
export interface HeldOffsets {
  low: string;
  high: string;
}

/** Where to go on in a partition, and how many records before it can never be read. */
export interface Continuation {
  from: string;
  lostRecords: bigint;
}

/**
 * Goes on at the offset that is due. What is due and no longer held was deleted unread; an offset behind the end means
 * that the log's end was cut off, and everything that is left is read again, which does no harm.
 * A group that has read nothing was due at the beginning of the log.
 */
export function continueFrom(due: string | undefined, { low, high }: HeldOffsets): Continuation {
  const [dueAt, lowAt, highAt] = [BigInt(due ?? 0), BigInt(low), BigInt(high)];
  if (dueAt < lowAt) return { from: low, lostRecords: lowAt - dueAt };
  if (dueAt > highAt) return { from: low, lostRecords: dueAt - highAt };
  return { from: dueAt.toString(), lostRecords: 0n };
}
