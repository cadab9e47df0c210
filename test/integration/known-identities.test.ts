import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ClickHouseClient,
  connectClickHouse,
  findIdentities,
  readIdentityPage,
} from '#clickhouse';
import { migrateClickHouse } from '#clickhouse/writes';
import type { PricedEnvelope, PricedUsage } from '#contracts';
import { Clock, createLogger } from '#platform';
import { pricedUsage } from '#samples';
import { eventually, testEngines } from '#testing';
import { Deciding } from '../../apps/aggregator/src/deciding/deciding.js';
import { FilterLoading } from '../../apps/aggregator/src/deciding/filter-loading.js';
import type { IdentityFilter } from '../../apps/aggregator/src/deciding/identity-filter.js';
import { KnownIdentities } from '../../apps/aggregator/src/deciding/known-identities.js';
import { PartitionStream } from '../../apps/aggregator/src/partitions/partition-stream.js';
import { metrics } from './counting-process.js';

const PARTITIONS = [3, 4, 5];
const STORED = 80_000;
const PAGE = 5_000;
const TIME = '2026-11-02T10:20:31.000Z';

const { clickhouseUrl: url } = testEngines();
const database = `test_${randomUUID().replaceAll('-', '')}`;
const logger = createLogger('test', 'silent');
let client: ClickHouseClient;

beforeAll(async () => {
  await migrateClickHouse({ url, database });
  client = connectClickHouse({ url, database });
  for (const partition of PARTITIONS) await store(partition, `old ${partition} `, STORED);
});

afterAll(async () => {
  await client.command({ query: `DROP DATABASE ${database}` });
  await client.close();
});

/** Rows as `pricedUsage` makes them of the ids `<name>0`, `<name>1` and so on. */
async function store(partition: number, name: string, count: number): Promise<void> {
  const shortHash = (text: string) => `substring(SHA256(concat('${text}', id)), 1, 16)`;
  await client.command({
    query: `
      INSERT INTO usage_identities (origin_partition, identity, content, project, event_time, plan_token)
      SELECT ${partition}, ${shortHash('p1 ')}, ${shortHash('content of ')}, 'p1', now64(3), 'plan'
      FROM (SELECT concat('${name}', toString(number)) AS id FROM numbers(${count}))`,
  });
}

const old = (partition: number, n: number) => pricedUsage({ id: `old ${partition} ${n}` });
const some = (count: number, make: (n: number) => PricedUsage) =>
  Array.from({ length: count }, (_, n) => make(n));

/** What a process knows, over a ClickHouse that answers as many pages of each partition as it is allowed. */
class Process {
  readonly pages: { partition: number; from: bigint }[] = [];
  readonly known: KnownIdentities;
  lookedUp = 0;
  private readonly loading: FilterLoading;
  private readonly deciding: Deciding;

  constructor(private readonly pagesMax: Record<number, number> = {}) {
    const ports = {
      identities: {
        findIdentities: (search: Parameters<typeof findIdentities>[1]) => {
          this.lookedUp += search.identities.length;
          return findIdentities(client, search);
        },
        readIdentityPage: (asked: Parameters<typeof readIdentityPage>[1]) => this.page(asked),
      },
      filterBytesMax: 2 ** 20,
      pageIdentitiesMax: PAGE,
    };
    const soon = new (class extends Clock {
      override sleep = () => super.sleep(1);
    })();
    this.loading = new FilterLoading(ports, soon, metrics, logger);
    this.known = new KnownIdentities(ports, this.loading);
    this.deciding = new Deciding(ports, soon, metrics, logger);
    this.known.share(PARTITIONS);
  }

  async stream(partition: number, epoch: bigint): Promise<[PartitionStream, IdentityFilter]> {
    const filter = await this.known.filterFor(partition, epoch);
    const key = { cluster: 'c1', topic: 'usage.priced', partition };
    const ownership = { epoch, storedTo: 0n, originStoredTo: -1n, plan: null };
    return [new PartitionStream(key, ownership, filter), filter];
  }

  /** How many of the next record's items count, repeat and conflict. */
  async decide(stream: PartitionStream, items: PricedUsage[]) {
    const offset = String(stream.decidedTo);
    const { partition } = stream.key;
    const origin = { cluster: 'c1', partition, offset, appended_at: TIME };
    const envelope: PricedEnvelope = { v: 1, origin, items };
    const value = Buffer.from(JSON.stringify(envelope));
    const record = { offset, timestampMs: Date.parse(TIME), headers: {}, value };
    for await (const decided of this.deciding.decide(stream, [record]))
      expect(decided).toBe(offset);
    stream.countedUpTo(stream.originDecidedTo);
    const plan = stream.nextPlan(1_000_000)!;
    const { counted, setAside } = stream.rowsOf(plan);
    stream.begin(plan);
    stream.release(plan, 0);
    const as = (outcome: string) => setAside.filter(({ decidedAs }) => decidedAs === outcome);
    return {
      counted: counted.map(({ usage }) => usage.id),
      repeats: as('repeat').length,
      conflicts: as('conflict').length,
    };
  }

  pagesOf(partition: number): number {
    return this.pages.filter((page) => page.partition === partition).length;
  }

  allow(partition: number, pages: number): void {
    this.pagesMax[partition] = pages;
  }

  end(): void {
    this.loading.onApplicationShutdown();
  }

  private page(asked: Parameters<typeof readIdentityPage>[1]) {
    const { partition, from } = asked;
    if (this.pagesOf(partition) >= (this.pagesMax[partition] ?? Infinity))
      throw new Error('not allowed yet');
    this.pages.push({ partition, from });
    return readIdentityPage(client, asked);
  }
}

const whole = (filter: IdentityFilter) => eventually(() => (filter.isWhole ? true : null));

/** 400 stored ones of all the range, half of them with other content, and 600 new ones. */
function mixture(partition: number, name: string): PricedUsage[] {
  const stored = some(400, (n) => old(partition, n * 199));
  return [
    ...some(600, (n) => pricedUsage({ id: `${name} ${n}` })),
    ...stored.map((usage, n) => (n % 2 === 0 ? usage : { ...usage, content: 'c'.repeat(32) })),
  ];
}

const ofMixture = (name: string) => ({
  counted: some(600, (n) => pricedUsage({ id: `${name} ${n}` })).map(({ id }) => id),
  repeats: 200,
  conflicts: 200,
});

describe('a partition that was taken over', () => {
  it('is decided exactly before a page was read, and hardly asks once all were', async () => {
    const process = new Process({ 3: 0 });
    const [stream, filter] = await process.stream(3, 1n);
    expect(await process.decide(stream, mixture(3, 'a'))).toEqual(ofMixture('a'));
    expect(process.lookedUp).toBe(1_000);

    process.allow(3, Infinity);
    await whole(filter);
    expect(process.pagesOf(3)).toBe(STORED / PAGE + 1);
    expect(await process.decide(stream, mixture(3, 'b'))).toEqual(ofMixture('b'));
    // 2^18 bytes for 80,600 identities: 26 bits each, and less than one in a thousand new ones is asked for.
    expect(process.lookedUp - 1_000 - 400).toBeLessThan(6);
    process.end();
  });

  it('is decided exactly when the process before it died while it read', async () => {
    const first = new Process({ 3: 7 });
    await first.stream(3, 1n);
    await eventually(() => (first.pagesOf(3) === 7 ? true : null));
    first.end();

    const second = new Process({ 3: 6 });
    const [stream, filter] = await second.stream(3, 2n);
    await eventually(() => (filter.nextPrefix > 1n << 62n ? true : null));
    expect(filter.isWhole).toBe(false);
    expect(await second.decide(stream, mixture(3, 'c'))).toEqual(ofMixture('c'));
    // 6 pages of 5,000 among 80,000 are 37 %: of 600 new ones about 375 are looked up, and all that are stored.
    expect(second.lookedUp - 400).toBeGreaterThan(310);
    expect(second.lookedUp - 400).toBeLessThan(440);
    second.end();
  });

  it('does not wait for the pages of another that fail', async () => {
    const process = new Process({ 3: 2 });
    const [, failing] = await process.stream(3, 1n);
    const others = await Promise.all([4, 5].map((partition) => process.stream(partition, 1n)));
    for (const [, filter] of others) await whole(filter);
    expect(failing.isWhole).toBe(false);
    expect(process.pagesOf(3)).toBe(2);
    process.end();
  });

  it('is read no further once it is lost, and anew when another owned it in between', async () => {
    const process = new Process({ 4: 3, 5: 3 });
    const [former] = await process.stream(4, 1n);
    const [, kept] = await process.stream(5, 1n);
    await eventually(() => (process.pages.length === 6 ? true : null));

    process.known.share([5]);
    process.allow(4, Infinity);
    const [, same] = await process.stream(5, 2n);
    process.allow(5, 4);
    await eventually(() => (process.pagesOf(5) === 4 ? true : null));
    expect(same).toBe(kept);
    const [third, fourth] = process.pages.filter(({ partition }) => partition === 5).slice(2);
    expect(fourth!.from).toBeGreaterThan(third!.from);
    expect(process.pagesOf(4)).toBe(3);

    await store(4, 'foreign ', 400);
    process.known.share(PARTITIONS);
    const [stream, filter] = await process.stream(4, 3n);
    await whole(filter);
    const foreign = some(400, (n) => pricedUsage({ id: `foreign ${n}` }));
    expect(await process.decide(stream, foreign)).toEqual({
      counted: [],
      repeats: 400,
      conflicts: 0,
    });
    expect(former.epoch).toBe(1n);
    process.end();
  });
});
