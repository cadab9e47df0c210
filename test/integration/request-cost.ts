import { setTimeout as delay } from 'node:timers/promises';

/** What one request cost the process that served it. */
export interface Cost {
  cpuMs: number;
  /** From sending another request, while the first was worked on, to its answer. */
  neighbourMs: number;
}

const REFERENCE_MS = 12;
const TRIES = 15;
const PAUSE_MS = 100;
/** Between two neighbours: a request that only waits for a store must not be charged for theirs. */
const NEIGHBOUR_PAUSE_MS = 10;

/** How much slower than a machine of 2024 this one is now; never less than one. */
export function machineFactor(): number {
  const text = JSON.stringify(
    Array.from({ length: 20_000 }, (_, n) => ({ id: `k${n}`, value: n, list: [n, `${n}`] })),
  );
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) {
    const before = process.cpuUsage();
    JSON.stringify(JSON.parse(text));
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1_000);
  }
  return Math.max(1, best / REFERENCE_MS);
}

export interface Served {
  /** CPU that the serving process has used, in milliseconds. */
  cpuMs: () => Promise<number> | number;
  /** Sends the costly request and reads its answer. */
  request: () => Promise<unknown>;
  /** Sends a cheap one. */
  neighbour: () => Promise<unknown>;
}

/**
 * The least that a request cost in a few tries, which is what it costs by itself: a busy machine can only add to it. The tries
 * end with the first that keeps both bounds.
 */
export async function leastCost(served: Served, bounds: Cost): Promise<Cost> {
  const least: Cost = { cpuMs: Infinity, neighbourMs: Infinity };
  for (let round = 0; round < TRIES; round += 1) {
    const { cpuMs, neighbourMs } = await costOf(served);
    least.cpuMs = Math.min(least.cpuMs, cpuMs);
    least.neighbourMs = Math.min(least.neighbourMs, neighbourMs);
    if (least.cpuMs <= bounds.cpuMs && least.neighbourMs <= bounds.neighbourMs) break;
    await delay(PAUSE_MS);
  }
  return least;
}

async function costOf({ cpuMs, request, neighbour }: Served): Promise<Cost> {
  const before = await cpuMs();
  const worked = request();
  const progress = { isOver: false };
  void worked.catch(() => undefined).finally(() => (progress.isOver = true));
  let neighbourMs = 0;
  do {
    const sentAt = performance.now();
    await neighbour();
    neighbourMs = Math.max(neighbourMs, performance.now() - sentAt);
    if (!progress.isOver) await delay(NEIGHBOUR_PAUSE_MS);
  } while (!progress.isOver);
  await worked;
  return { cpuMs: (await cpuMs()) - before, neighbourMs };
}
