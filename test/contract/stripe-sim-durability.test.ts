import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createStripe } from '#stripe';
import { StripeSimulator } from './stripe-simulator.js';

describe('what the simulator answered outlives it', () => {
  let data: string;
  let simulator: StripeSimulator;
  const client = () => createStripe({ secretKey: 'sk_test_contract', url: simulator.url });

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'stripe-sim-test-'));
    simulator = await StripeSimulator.start(data);
  });
  afterEach(async () => {
    await simulator.end();
    await rm(data, { recursive: true });
  });

  it('keeps objects, numbers, order, clock and idempotency keys over kill -9', async () => {
    const { id: customer } = await client().customers.create(
      { name: 'A' },
      { idempotencyKey: 'k' },
    );
    const { id: first } = await client().invoices.create({ customer });
    await client().invoices.addLines(first, { lines: [{ amount: 12 }, { amount: 30 }] });
    await client().invoices.finalizeInvoice(first);
    const { id: second } = await client().invoices.create({ customer });
    await simulator.advanceClock(5_000_000);
    await simulator.end('SIGKILL');

    simulator = await StripeSimulator.start(data);
    expect((await client().invoices.list({ customer })).data.map(({ id }) => id)).toEqual([
      second,
      first,
    ]);
    expect(await client().invoices.retrieve(first)).toMatchObject({
      status: 'open',
      total: 42,
      number: 'SIM-000001',
    });
    await client().invoices.addLines(second, { lines: [{ amount: 1 }] });
    expect(await client().invoices.finalizeInvoice(second)).toMatchObject({ number: 'SIM-000002' });
    const later = await client().customers.create({});
    expect(
      later.created - (await client().invoices.retrieve(first)).created,
    ).toBeGreaterThanOrEqual(5_000_000);
  });

  it('replays a key that was used before the crash', async () => {
    const { id } = await client().customers.create({ name: 'A' }, { idempotencyKey: 'k' });
    await simulator.end('SIGKILL');
    simulator = await StripeSimulator.start(data);
    expect((await client().customers.create({ name: 'A' }, { idempotencyKey: 'k' })).id).toBe(id);
  });

  it('loses no acknowledged write when it is killed under load', async () => {
    const acknowledged: string[] = [];
    const stripe = client();
    const writers = Array.from({ length: 4 }, async () => {
      for (;;) {
        const made = await stripe.customers.create({}).catch(() => null);
        if (made === null) return;
        acknowledged.push(made.id);
        if (acknowledged.length === 100) await simulator.end('SIGKILL');
      }
    });
    await Promise.all(writers);
    simulator = await StripeSimulator.start(data);
    const stored = new Set<string>();
    for await (const { id } of client().customers.list({ limit: 100 })) stored.add(id);
    expect(acknowledged.filter((id) => !stored.has(id))).toEqual([]);
    expect(acknowledged.length).toBeGreaterThanOrEqual(100);
  });

  it('cuts off a line that a crash left half written', async () => {
    const { id } = await client().customers.create({ name: 'A' });
    await simulator.end('SIGKILL');
    await appendFile(join(data, 'journal.jsonl'), '[{"table":"customers","id":"cus_half');
    simulator = await StripeSimulator.start(data);
    const { id: next } = await client().customers.create({ name: 'B' });
    await simulator.end('SIGKILL');
    simulator = await StripeSimulator.start(data);
    expect((await client().customers.list()).data.map((customer) => customer.id)).toEqual([
      next,
      id,
    ]);
  });

  it('refuses to start on a journal that is damaged in the middle', async () => {
    await client().customers.create({ name: 'A' });
    await client().customers.create({ name: 'B' });
    await simulator.end('SIGKILL');
    const journal = await readFile(join(data, 'journal.jsonl'), 'utf8');
    await writeFile(join(data, 'journal.jsonl'), `garbage${journal}`);
    await expect(StripeSimulator.start(data)).rejects.toThrow('ended before it listened');
    await writeFile(join(data, 'journal.jsonl'), journal);
    simulator = await StripeSimulator.start(data);
  });
});
