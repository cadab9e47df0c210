/** Codes by the status that a ClickHouse server sends with them. Every other code is a 500. */
const CODES_BY_STATUS: ReadonlyArray<readonly [number, readonly number[]]> = [
  [
    400,
    [
      6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427,
      441, 675, 676,
    ],
  ],
  [401, [194]],
  [403, [192, 193, 497, 512, 516]],
  [404, [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511]],
  [408, [159]],
  [411, [381]],
  [413, [229]],
  [415, [779]],
  [501, [48]],
  // 202 is a 500 on a server; here it is the full queue, and 503 tells proxies and clients to come back.
  [503, [76, 202, 209, 439]],
];

const STATUS_BY_CODE = new Map(
  CODES_BY_STATUS.flatMap(([status, codes]) => codes.map((code) => [code, status] as const)),
);

/** The HTTP status that goes with a ClickHouse error code. */
export const httpStatusOf = (code: number): number => STATUS_BY_CODE.get(code) ?? 500;
