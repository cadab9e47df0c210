export interface ExecutionLimits {
  /** Used when a request names no `max_execution_time`. */
  defaultSeconds: number;
  /** The most that a request can ask for; more, or no limit at all, means this. */
  maxSeconds: number;
}

const boundedSeconds = (asked: string | undefined, limits: ExecutionLimits): number => {
  if (asked === undefined) return limits.defaultSeconds;
  const seconds = Number(asked);
  return seconds > 0 && seconds <= limits.maxSeconds ? seconds : limits.maxSeconds;
};

/**
 * The settings a request runs under: its own, never without a bound on its time (the engine cannot be told to stop a query),
 * inserts stored before they are answered, and GET without writes as on a server.
 */
export const effectiveSettings = (
  asked: ReadonlyMap<string, string>,
  isGet: boolean,
  limits: ExecutionLimits,
): Map<string, string> => {
  const settings = new Map(asked);
  settings.set(
    'max_execution_time',
    String(boundedSeconds(asked.get('max_execution_time'), limits)),
  );
  settings.set('async_insert', '0');
  if (isGet && Number(asked.get('readonly') ?? 0) === 0) settings.set('readonly', '2');
  return settings;
};
