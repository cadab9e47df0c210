import { randomUUID } from 'node:crypto';
import { connectRedis, type CounterSum, readCounterSums, type Redis } from '#redis';
import { CounterWrites } from '#redis/writes';
import type { Platform } from '../../dev/platform/platform.js';
import { type Figure, median } from '../measure.js';

const PROJECT = `bench-${randomUUID()}`;
const DEFINITION = 'budget:bench';
const CUSTOMERS = 20_000;
/** Customers in one call: about what a partition decides at a time. */
const CUSTOMERS_A_CALL = 200;
/** Calls under way at once, each for a partition of its own as the aggregator's are. */
const PARTITIONS = 8;
const ROUNDS = 5;
const ROUND_MS = 2_000;
const AMOUNT = 7_500_000_000n;

interface Round {
  increments: number;
  perSecond: number;
  /** Of the processor time of Redis' one thread. */
  perCpuSecond: number;
}

/**
 * The script that counts usage of a budget per customer with two thresholds, against INCRBY in pipelines over the same customers,
 * round about in one run. Throws unless the counters hold exactly what was added.
 */
export async function benchCounterCalls(platform: Platform): Promise<Figure[]> {
  const redis = connectRedis(platform.surroundings.engines.redisUrl);
  await new Promise((ready) => redis.once('ready', ready));
  const counters = new CounterWrites(redis);
  const marks = await Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) => adoptMark(counters, partition)),
  );
  const scripts: Round[] = [];
  const commands: Round[] = [];
  const script = () => round(redis, (partition) => countOnce(counters, marks, partition));
  const command = () => round(redis, (partition) => incrementOnce(redis, partition));
  try {
    let counted = (await script()).increments;
    await command();
    for (let n = 0; n < ROUNDS; n++) {
      commands.push(await command());
      scripts.push(await script());
    }
    counted += scripts.reduce((sum, { increments }) => sum + increments, 0);
    await assertCounted(redis, BigInt(counted) * AMOUNT);
  } finally {
    redis.disconnect();
  }
  const rates = scripts.map(({ perCpuSecond }) => perCpuSecond);
  const ratios = scripts.map((one, n) => one.perCpuSecond / commands[n]!.perCpuSecond);
  const spread = (values: number[], digits: number) =>
    `${Math.min(...values).toFixed(digits)} to ${Math.max(...values).toFixed(digits)}`;
  return [
    {
      name: `INCRBY, pipelines of ${CUSTOMERS_A_CALL}`,
      value: median(commands.map(({ perCpuSecond }) => perCpuSecond)),
      unit: 'increments/CPU s',
      note: `${Math.round(median(commands.map(({ perSecond }) => perSecond)))} a second`,
    },
    {
      name: `counting, ${CUSTOMERS_A_CALL} customers a call, two thresholds`,
      value: median(rates),
      unit: 'increments/CPU s',
      note: `${spread(rates, 0)}; ${Math.round(median(scripts.map(({ perSecond }) => perSecond)))} a second; counters checked`,
    },
    { name: 'counting / INCRBY', value: median(ratios), unit: 'ratio', note: spread(ratios, 2) },
  ];
}

async function adoptMark(counters: CounterWrites, partition: number) {
  const epoch = BigInt(Date.now());
  const request = { project: PROJECT, partition, cluster: 'bench', epoch, position: 0n };
  const adoption = await counters.adopt({ ...request, sequence: 1 });
  if (adoption === null) throw new Error('the mark belongs to a later epoch');
  return { mark: adoption.mark, next: 0 };
}

async function countOnce(
  counters: CounterWrites,
  marks: { mark: string; next: number }[],
  partition: number,
): Promise<void> {
  const state = marks[partition]!;
  const isFirst = state.next === 0;
  const [cluster, epoch] = state.mark.split('|');
  const next = `${cluster}|${epoch}|${state.next + 1}|${state.next + 2}`;
  const first = ((state.next * PARTITIONS + partition) * CUSTOMERS_A_CALL) % CUSTOMERS;
  const eventTime = '2026-11-02T10:20:30.123Z';
  const { applied } = await counters.count({
    project: PROJECT,
    partition,
    expected: state.mark,
    next,
    at: eventTime,
    seeds: isFirst ? [{ definition: DEFINITION, revision: '' }] : [],
    seeding: [],
    sliding: [],
    level: isFirst ? 'caught_up' : null,
    groups: [
      {
        definition: DEFINITION,
        windowStartMs: 0,
        keepMs: null,
        keysMax: CUSTOMERS,
        thresholds: [
          { name: '80%', amount: 8_000_000_000_000_000_000n },
          { name: '100%', amount: 10_000_000_000_000_000_000n },
        ],
        limit: 10_000_000_000_000_000_000n,
        revision: '',
        watch: JSON.stringify({ project: PROJECT, budget: 'budget' }),
        steps: Array.from({ length: CUSTOMERS_A_CALL }, (_, at) => ({
          key: `{"customer":"customer-${first + at}"}`,
          amount: AMOUNT,
          eventTime,
          events: null,
          bins: null,
        })),
        recheck: null,
      },
    ],
  });
  if (!applied) throw new Error('the mark was moved by somebody else');
  state.mark = next;
  state.next += 1;
}

async function incrementOnce(redis: Redis, partition: number): Promise<void> {
  const pipeline = redis.pipeline();
  for (let at = 0; at < CUSTOMERS_A_CALL; at++)
    pipeline.incrby(
      `{${PROJECT}}:plain:customer-${(partition * CUSTOMERS_A_CALL + at) % CUSTOMERS}`,
      Number(AMOUNT),
    );
  const answers = (await pipeline.exec()) ?? [];
  for (const [error] of answers) if (error) throw error;
}

/** Calls one after the other for each partition until the round is over. */
async function round(redis: Redis, call: (partition: number) => Promise<void>): Promise<Round> {
  let increments = 0;
  const cpuBefore = await cpuSecondsOfRedis(redis);
  const startedAt = performance.now();
  const lane = async (partition: number) => {
    while (performance.now() - startedAt < ROUND_MS) {
      await call(partition);
      increments += CUSTOMERS_A_CALL;
    }
  };
  await Promise.all(Array.from({ length: PARTITIONS }, (_, partition) => lane(partition)));
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = (await cpuSecondsOfRedis(redis)) - cpuBefore;
  return { increments, perSecond: increments / seconds, perCpuSecond: increments / cpuSeconds };
}

async function cpuSecondsOfRedis(redis: Redis): Promise<number> {
  const info = await redis.info('cpu');
  const read = (name: string) => Number(new RegExp(`${name}:(\\S+)`).exec(info)?.[1]);
  return read('used_cpu_user') + read('used_cpu_sys');
}

async function assertCounted(redis: Redis, expected: bigint): Promise<void> {
  const request = {
    project: PROJECT,
    definition: DEFINITION,
    windowStarts: [0],
    partitions: PARTITIONS,
  };
  const sums = (await readCounterSums(redis, request, null)) ?? new Map<string, CounterSum>();
  const sum = [...sums.values()].reduce((total, { amount }) => total + amount, 0n);
  if (sum !== expected) throw new Error(`${expected} was added, the counters hold ${sum}`);
}
