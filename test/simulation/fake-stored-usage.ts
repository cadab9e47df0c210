import type { PlacedSum, UsageRow, UsageSumAsked } from '#clickhouse';
import { canonicalJson, type PricedUsage } from '#contracts';
import { picoFromDecimal } from '#money';
import type { StoredUsagePort } from '../../apps/aggregator/src/counting/counting.ports.js';
import type { FakeClickHouse } from './fake-clickhouse.js';

const HOUR_MS = 3_600_000;
const SUMS_AT_ONCE = 2;

/** Slices of what is stored, as the simulation has it: the answer comes in parts, and may break off between two. */
export function storedUsageFor(
  clickhouse: FakeClickHouse,
  call: <T>(effect: () => T) => Promise<T>,
): StoredUsagePort {
  const rows = () => clickhouse.raw.map(({ row }) => row);
  return {
    async *sums(asked) {
      const sums = await call(() => asked.flatMap((one, place) => sumsOf(rows(), one, place)));
      for (let at = 0; at < sums.length; at += SUMS_AT_ONCE)
        yield await call(() => sums.slice(at, at + SUMS_AT_ONCE));
    },
    async *slidingSums() {},
    hours: (_, fromMs) =>
      call(() => {
        const hours = new Map<number, number>();
        for (const { usage } of rows()) {
          const startMs = Math.floor(Date.parse(usage.event_time) / HOUR_MS) * HOUR_MS;
          if (startMs + HOUR_MS > fromMs) hours.set(startMs, (hours.get(startMs) ?? 0) + 1);
        }
        const sorted = [...hours].sort(([one], [other]) => one - other);
        return sorted.map(([startMs, events]) => ({ startMs, events }));
      }),
    extents: ({ ranges }) =>
      call(() =>
        ranges.map(({ partition, from, below }) => {
          const times = rows()
            .filter(({ origin }) => {
              const offset = BigInt(origin.offset);
              return origin.partition === partition && offset >= from && offset < below;
            })
            .map(({ usage }) => Date.parse(usage.event_time));
          if (times.length === 0) return null;
          return { firstMs: Math.min(...times), lastMs: Math.max(...times) };
        }),
      ),
  };
}

/** Of budgets on the cost or number of events, by day or by buckets of a span. */
function sumsOf(rows: UsageRow[], asked: UsageSumAsked, place: number): PlacedSum[] {
  const { on, per, partition, from, below, everyMs, slice } = asked;
  const sums = new Map<string, PlacedSum['sum']>();
  for (const { usage, origin } of rows) {
    const offset = BigInt(origin.offset);
    const eventMs = Date.parse(usage.event_time);
    if (origin.partition !== partition || offset < (from ?? 0n) || offset >= below) continue;
    if (slice && (eventMs < slice.fromMs || eventMs >= slice.toMs)) continue;
    const windowStartMs = everyMs === undefined ? dayOf(usage) : bucketOf(usage, everyMs);
    const key = canonicalJson(per.length > 0 ? { customer: usage.customer } : {});
    const name = `${windowStartMs} ${key}`;
    const before = sums.get(name)?.amount ?? 0n;
    sums.set(name, {
      windowStartMs,
      key,
      amount: before + (on === 'events' ? 1n : costOf(usage)),
      lastEventTime: usage.event_time,
      lastReceivedAt: usage.received_at,
    });
  }
  const sorted = [...sums].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([, sum]) => ({ sum, places: [place] }));
}

function costOf({ cost }: PricedUsage): bigint {
  return cost.state === 'priced' ? picoFromDecimal(cost.amount)! : 0n;
}

function dayOf({ event_time }: PricedUsage): number {
  return Date.parse(`${event_time.slice(0, 10)}T00:00:00Z`);
}

function bucketOf({ event_time, received_at }: PricedUsage, bucketMs: number): number {
  const countedMs = Math.min(Date.parse(event_time), Date.parse(received_at));
  return Math.floor(countedMs / bucketMs) * bucketMs;
}
