import type { Redis } from './connect-redis.js';
import { counterKeys } from './counter-keys.js';
import { addValue, type CounterSum, noSum } from './counter-sum.js';

export interface CounterSumsRequest {
  project: string;
  /** `<watch>:<definition>`, see `counterKeys`. */
  definition: string;
  /** Of the windows that are summed: one, or the buckets of a span that slides. */
  windowStarts: readonly number[];
  partitions: number;
}

/** About a millisecond of Redis' time. */
const FIELDS_AT_ONCE = 1_000;

/**
 * The sums of these counters, or of all without `keys`, by canonical JSON of their keys; what holds nothing is not among
 * them. A loss of Redis cannot pass for zeros. Null while some partition has not brought its usage. Many are read in slices,
 * so that Redis is not held up by them.
 */
export function readCounterSums(
  redis: Redis,
  request: CounterSumsRequest,
  keys: readonly string[] | null,
): Promise<Map<string, CounterSum> | null> {
  return keys === null ? readAll(redis, request) : readSome(redis, request, keys);
}

/** The keys of all counters that hold anything, some at a time. One may come several times. */
export async function* scanCounterKeys(
  redis: Redis,
  request: Omit<CounterSumsRequest, 'partitions'>,
): AsyncGenerator<string[], void, void> {
  for (const startMs of request.windowStarts) {
    for await (const fields of scanWindow(redis, request, startMs))
      yield fields.filter((_, place) => place % 2 === 0);
  }
}

/** A slice in one step. */
async function readSome(
  redis: Redis,
  request: CounterSumsRequest,
  keys: readonly string[],
): Promise<Map<string, CounterSum> | null> {
  const keysMax = Math.ceil(FIELDS_AT_ONCE / request.windowStarts.length);
  const sums = new Map<string, CounterSum>();
  let from = 0;
  do {
    const some = keys.slice(from, from + keysMax);
    if (!(await addSome(redis, request, some, sums))) return null;
    from += keysMax;
  } while (from < keys.length);
  return sums;
}

async function addSome(
  redis: Redis,
  request: CounterSumsRequest,
  keys: readonly string[],
  sums: Map<string, CounterSum>,
): Promise<boolean> {
  const { project, definition, windowStarts, partitions } = request;
  const step = redis.multi().hlen(counterKeys.behind(project));
  for (let partition = 0; partition < partitions; partition += 1)
    step.hexists(counterKeys.seeded(project, partition), definition);
  for (const startMs of keys.length === 0 ? [] : windowStarts)
    step.hmget(counterKeys.counters(project, definition, startMs), ...keys);
  const answers = ((await step.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
  const [behind, ...seeded] = answers.slice(0, 1 + partitions);
  if (behind !== 0 || seeded.some((known) => known !== 1)) return false;
  for (const values of answers.slice(1 + partitions) as (string | null)[][])
    keys.forEach((key, place) => add(sums, key, values[place] ?? null));
  return true;
}

/** Between two looks whether all is there. */
async function readAll(
  redis: Redis,
  request: CounterSumsRequest,
): Promise<Map<string, CounterSum> | null> {
  if ((await readSome(redis, request, [])) === null) return null;
  const sums = new Map<string, CounterSum>();
  for (const startMs of request.windowStarts) {
    // A scan may show a field twice.
    const values = new Map<string, string>();
    for await (const fields of scanWindow(redis, request, startMs))
      for (let at = 0; at < fields.length; at += 2) values.set(fields[at]!, fields[at + 1]!);
    for (const [key, value] of values) add(sums, key, value);
  }
  return (await readSome(redis, request, [])) === null ? null : sums;
}

/** The counters of one window as `HSCAN` answers: key, value, key, value. */
async function* scanWindow(
  redis: Redis,
  { project, definition }: Pick<CounterSumsRequest, 'project' | 'definition'>,
  startMs: number,
): AsyncGenerator<string[], void, void> {
  const hash = counterKeys.counters(project, definition, startMs);
  let cursor = '0';
  do {
    const [next, fields] = await redis.hscan(hash, cursor, 'COUNT', FIELDS_AT_ONCE);
    yield fields;
    cursor = next;
  } while (cursor !== '0');
}

function add(sums: Map<string, CounterSum>, key: string, value: string | null): void {
  if (value === null) return;
  const sum = sums.get(key) ?? noSum();
  sums.set(key, sum);
  addValue(sum, value);
}
