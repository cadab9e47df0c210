/** A stretch of event time, in milliseconds since the epoch: `fromMs` inclusive, `toMs` exclusive. */
export interface EventSlice {
  fromMs: number;
  toMs: number;
}

/** One slice must never take the memory that everybody's queries share; what is sorted or grouped above this goes to disk. */
const MEMORY_BYTES_MAX = 1_000_000_000;
const IN_MEMORY_BYTES_MAX = 200_000_000;

/** The answer is whole before its first row is sent, so it comes as slowly as it is taken up, and a failure is no end of it. */
export const SLICE_SETTINGS = {
  max_memory_usage: String(MEMORY_BYTES_MAX),
  max_bytes_before_external_group_by: String(IN_MEMORY_BYTES_MAX),
  max_bytes_before_external_sort: String(IN_MEMORY_BYTES_MAX),
  wait_end_of_query: 1,
} as const;

/** Conditions over `usage_raw`, in the table's own column, so that whole parts are left out. */
export function sliceSql(slice: EventSlice, parameters: Record<string, unknown>): string[] {
  parameters['slice_from'] = slice.fromMs;
  parameters['slice_to'] = slice.toMs;
  return [
    `event_time >= fromUnixTimestamp64Milli({slice_from:Int64}, 'UTC')`,
    `event_time < fromUnixTimestamp64Milli({slice_to:Int64}, 'UTC')`,
  ];
}
