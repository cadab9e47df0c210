import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTestDatabase } from '#testing';
import { connectPostgres, type PartitionKey, type Plan, type Postgres } from './index.js';
import { PartitionOwnershipWrites } from './writes.js';

let postgres: Postgres;
let drop: () => Promise<void>;
let writes: PartitionOwnershipWrites;

beforeAll(async () => {
  const database = await makeTestDatabase();
  drop = database.drop;
  postgres = connectPostgres(database.databaseUrl, 4);
  writes = new PartitionOwnershipWrites(postgres);
});
afterAll(async () => {
  await postgres.destroy();
  await drop();
});

let partitions = 0;
const newKey = (): PartitionKey => ({
  cluster: 'c1',
  topic: 'usage.priced',
  partition: ++partitions,
});

const planOf = (first: bigint, last: bigint): Plan => ({
  first,
  last,
  token: `c1:usage.priced:${first}:${last}`,
  counted: 5,
  setAside: 2,
});
const storedTo = (offset: bigint) => ({
  storedTo: offset,
  originStoredTo: offset + 100n,
  originAppendedAt: null,
  customers: [],
});

describe('taking a partition over', () => {
  it('begins at nothing, and raises the epoch each time', async () => {
    const key = newKey();
    expect(await writes.takeOver(key)).toEqual({
      epoch: 1n,
      storedTo: 0n,
      originStoredTo: -1n,
      plan: null,
    });
    expect((await writes.takeOver(key)).epoch).toBe(2n);
    expect((await writes.takeOver(newKey())).epoch).toBe(1n);
  });

  it('finds the plan that is unfinished, and how far the one before has brought it', async () => {
    const key = newKey();
    const { epoch } = await writes.takeOver(key);
    await writes.writePlan(key, epoch, planOf(0n, 4n));
    await writes.finishPlan(key, epoch, storedTo(5n));
    await writes.writePlan(key, epoch, planOf(5n, 9n));
    expect(await writes.takeOver(key)).toEqual({
      epoch: 2n,
      storedTo: 5n,
      originStoredTo: 105n,
      plan: planOf(5n, 9n),
    });
  });
});

describe('a plan', () => {
  it('is neither written nor finished by a former owner', async () => {
    const key = newKey();
    const former = await writes.takeOver(key);
    const owner = await writes.takeOver(key);
    expect(await writes.writePlan(key, former.epoch, planOf(0n, 4n))).toBe(false);
    expect(await writes.writePlan(key, owner.epoch, planOf(0n, 4n))).toBe(true);
    expect(await writes.finishPlan(key, former.epoch, storedTo(5n))).toBe(false);
    expect(await writes.takeOver(key)).toMatchObject({ storedTo: 0n, plan: planOf(0n, 4n) });
  });

  it('changes nothing when it comes after its own rows were stored', async () => {
    const key = newKey();
    const { epoch } = await writes.takeOver(key);
    await writes.writePlan(key, epoch, planOf(0n, 4n));
    await writes.finishPlan(key, epoch, storedTo(5n));
    expect(await writes.writePlan(key, epoch, planOf(0n, 4n))).toBe(false);
    expect(await writes.writePlan(key, epoch, planOf(4n, 8n))).toBe(false);
    expect(await writes.takeOver(key)).toMatchObject({ storedTo: 5n, plan: null });
    expect(await writes.writePlan(key, epoch + 1n, planOf(5n, 8n))).toBe(true);
  });

  it('changes nothing when it comes while another stands, whose rows may be stored already', async () => {
    const key = newKey();
    const { epoch } = await writes.takeOver(key);
    expect(await writes.writePlan(key, epoch, planOf(0n, 9n))).toBe(true);
    expect(await writes.writePlan(key, epoch, planOf(0n, 4n))).toBe(false);
    expect(await writes.writePlan(key, epoch, planOf(10n, 12n))).toBe(false);
    expect(await writes.takeOver(key)).toMatchObject({ plan: planOf(0n, 9n) });
  });

  it('is taken for written when its own statement is repeated', async () => {
    const key = newKey();
    const { epoch } = await writes.takeOver(key);
    expect(await writes.writePlan(key, epoch, planOf(0n, 9n))).toBe(true);
    expect(await writes.writePlan(key, epoch, planOf(0n, 9n))).toBe(true);
  });

  it('changes no other partition, topic or cluster', async () => {
    const key = newKey();
    const others = [newKey(), { ...key, topic: 'other' }, { ...key, cluster: 'c2' }];
    for (const one of [key, ...others]) await writes.takeOver(one);
    await writes.writePlan(key, 1n, planOf(0n, 4n));
    await writes.finishPlan(key, 1n, storedTo(5n));
    await writes.writePlan(key, 1n, planOf(5n, 8n));
    for (const other of others)
      expect(await writes.takeOver(other)).toMatchObject({ storedTo: 0n, plan: null });
  });
});
