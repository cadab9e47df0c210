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

const FIELDS_AT_ONCE = 1_000;

/**
 * The sums of these counters, or of all without `keys`, by canonical JSON of their keys; what holds nothing is not among
 * them. A loss of Redis cannot pass for zeros. Null while some partition has not brought its usage.
 */
export function readCounterSums(
  redis: Redis,
  request: CounterSumsRequest,
  keys: readonly string[] | null,
): Promise<Map<string, CounterSum> | null> {
  return keys === null ? readAll(redis, request) : readSome(redis, request, keys);
}

/** In one step. */
async function readSome(
  redis: Redis,
  request: CounterSumsRequest,
  keys: readonly string[],
): Promise<Map<string, CounterSum> | null> {
  const { project, definition, windowStarts, partitions } = request;
  const step = redis.multi().hlen(counterKeys.behind(project));
  for (let partition = 0; partition < partitions; partition += 1)
    step.hexists(counterKeys.seeded(project, partition), definition);
  for (const startMs of windowStarts)
    step.hmget(counterKeys.counters(project, definition, startMs), ...keys);
  const answers = ((await step.exec()) ?? []).map(([error, answer]) => {
    if (error) throw error;
    return answer;
  });
  const [behind, ...seeded] = answers.slice(0, 1 + partitions);
  if (behind !== 0 || seeded.some((known) => known !== 1)) return null;
  const sums = new Map<string, CounterSum>();
  for (const values of answers.slice(1 + partitions) as (string | null)[][])
    keys.forEach((key, place) => add(sums, key, values[place] ?? null));
  return sums;
}

/** In slices, between two looks whether all is there: Redis is not held up by a hundred thousand counters. */
async function readAll(
  redis: Redis,
  request: CounterSumsRequest,
): Promise<Map<string, CounterSum> | null> {
  const { project, definition, windowStarts } = request;
  if (!(await isComplete(redis, request))) return null;
  const sums = new Map<string, CounterSum>();
  for (const startMs of windowStarts) {
    // A scan may show a field twice.
    const values = new Map<string, string>();
    let cursor = '0';
    do {
      const hash = counterKeys.counters(project, definition, startMs);
      const [next, fields] = await redis.hscan(hash, cursor, 'COUNT', FIELDS_AT_ONCE);
      for (let at = 0; at < fields.length; at += 2) values.set(fields[at]!, fields[at + 1]!);
      cursor = next;
    } while (cursor !== '0');
    for (const [key, value] of values) add(sums, key, value);
  }
  return (await isComplete(redis, request)) ? sums : null;
}

async function isComplete(redis: Redis, request: CounterSumsRequest): Promise<boolean> {
  return (await readSome(redis, { ...request, windowStarts: [] }, [])) !== null;
}

function add(sums: Map<string, CounterSum>, key: string, value: string | null): void {
  if (value === null) return;
  const sum = sums.get(key) ?? noSum();
  sums.set(key, sum);
  addValue(sum, value);
}
