/** What a request gets when it names no value, and the most it can have: more, or no bound at all, means that most. */
export interface Bound {
  usual: number;
  most: number;
}

export interface ExecutionBounds {
  /** Seconds a statement may run. */
  seconds: Bound;
  /** Bytes of a result, uncompressed in the engine's memory: it is complete before its first byte leaves. */
  resultBytes: Bound;
}

function within(asked: string | undefined, bound: Bound): string {
  if (asked === undefined) return String(bound.usual);
  const value = Number(asked);
  return String(value > 0 && value <= bound.most ? value : bound.most);
}

/**
 * The settings a request runs under: its own, never without a bound on its time (the engine cannot be told to stop a query)
 * and its result, inserts stored before they are answered, and GET without writes as on a server.
 */
export function effectiveSettings(
  asked: ReadonlyMap<string, string>,
  isGet: boolean,
  bounds: ExecutionBounds,
): Map<string, string> {
  const settings = new Map(asked);
  settings.set('max_execution_time', within(asked.get('max_execution_time'), bounds.seconds));
  settings.set('max_result_bytes', within(asked.get('max_result_bytes'), bounds.resultBytes));
  settings.set('async_insert', '0');
  if (isGet && Number(asked.get('readonly') ?? 0) === 0) settings.set('readonly', '2');
  return settings;
}
