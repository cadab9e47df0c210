/** The ClickHouse error codes that the face itself raises. */
export const ErrorCode = {
  CANNOT_READ_ALL_DATA: [33, 'CANNOT_READ_ALL_DATA'],
  BAD_ARGUMENTS: [36, 'BAD_ARGUMENTS'],
  NOT_IMPLEMENTED: [48, 'NOT_IMPLEMENTED'],
  SYNTAX_ERROR: [62, 'SYNTAX_ERROR'],
  UNKNOWN_COMPRESSION_METHOD: [89, 'UNKNOWN_COMPRESSION_METHOD'],
  UNKNOWN_SETTING: [115, 'UNKNOWN_SETTING'],
  TOO_MANY_SIMULTANEOUS_QUERIES: [202, 'TOO_MANY_SIMULTANEOUS_QUERIES'],
  QUERY_IS_TOO_LARGE: [229, 'QUERY_IS_TOO_LARGE'],
  ZLIB_INFLATE_FAILED: [354, 'ZLIB_INFLATE_FAILED'],
  SETTING_CONSTRAINT_VIOLATION: [452, 'SETTING_CONSTRAINT_VIOLATION'],
  ACCESS_DENIED: [497, 'ACCESS_DENIED'],
  AUTHENTICATION_FAILED: [516, 'AUTHENTICATION_FAILED'],
  UNKNOWN_EXCEPTION: [1002, 'UNKNOWN_EXCEPTION'],
} as const;

/** An error as a ClickHouse client sees it: a code, its name, a text. */
export class ClickHouseException extends Error {
  readonly code: number;

  /** @param text the whole line, in the form `Code: 62. DB::Exception: ... (SYNTAX_ERROR)` */
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }

  /** An error that the face raises itself. */
  static of([code, name]: readonly [number, string], reason: string): ClickHouseException {
    return new ClickHouseException(code, `Code: ${code}. DB::Exception: ${reason} (${name})`);
  }

  /** The engine's error, or anything else that was thrown, as one of these. */
  static from(error: unknown): ClickHouseException {
    if (error instanceof ClickHouseException) return error;
    const text = error instanceof Error ? error.message : String(error);
    const code = /Code: (\d+)\./.exec(text);
    if (code !== null) return new ClickHouseException(Number(code[1]), text.slice(code.index));
    return ClickHouseException.of(ErrorCode.UNKNOWN_EXCEPTION, text);
  }

  /** The engine has stopped for good; only a new process helps. */
  get engineIsGone(): boolean {
    return this.code === 236 && this.message.includes('shutting down');
  }
}
