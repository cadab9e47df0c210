import { connectRedis, serversOf } from '#redis';

const LIMB = 1_000_000_000_000n;
const KEYS_AT_ONCE = 1_000;

/**
 * Every counter that Redis has of a project, by budget and then by `<window start> <counter>`. With `merged`, the
 * buckets of these budgets are added up under one name, as those of a budget without windows of the calendar.
 */
export async function readStoredCounters(
  redisUrl: string,
  project: string,
  merged: ReadonlySet<string>,
): Promise<Map<string, Map<string, bigint>>> {
  const redis = connectRedis(redisUrl);
  const budgets = new Map<string, Map<string, bigint>>();
  try {
    await new Promise((resolve) => redis.once('ready', resolve));
    const prefix = `{${project}}:counters:`;
    for (const server of serversOf(redis)) {
      const scan = server.scanStream({ match: `${prefix}*`, count: KEYS_AT_ONCE });
      for await (const keys of scan as AsyncIterable<string[]>) {
        const hashes = await Promise.all(keys.map((key) => redis.hgetall(key)));
        keys.forEach((key, at) => {
          const [budget = '', , start] = key.slice(prefix.length).split(':');
          const counters = budgets.get(budget) ?? new Map<string, bigint>();
          budgets.set(budget, counters);
          for (const [counter, value] of Object.entries(hashes[at]!)) {
            const name = `${merged.has(budget) ? null : start} ${counter}`;
            counters.set(name, (counters.get(name) ?? 0n) + amountOf(value));
          }
        });
      }
    }
    return budgets;
  } finally {
    redis.disconnect();
  }
}

/** `<trillions>:<rest>`; what follows belongs to rates. */
function amountOf(value: string): bigint {
  const [high = '', low = ''] = value.split(':');
  return BigInt(high) * LIMB + BigInt(low);
}
