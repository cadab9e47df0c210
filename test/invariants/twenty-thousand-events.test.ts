import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LoadedPlatform, startLoadedPlatform } from '#testing';
import { ApiClient } from '../e2e/api-client.js';
import { billMonth, expectedBill } from './bill-month.js';
import { expectedDays, readDays } from './usage-days.js';

const HOUR_MS = 3_600_000;
const EVENTS = 20_000;
const CONTRADICTED = 500;
const REPEATED_LATER = 500;

describe('20,000 events of 50 customers and 12 models', () => {
  let test: LoadedPlatform;

  beforeAll(async () => {
    test = await startLoadedPlatform('twenty-thousand', {
      apps: ['ingest-api', 'pricing-worker', 'aggregator', 'console'],
    });
  });
  afterAll(() => test.end());

  const events = () => [...test.load.sent.identities.values()].map(({ event }) => event);
  const setAside = async (decidedAs: string) => {
    const { setAside } = await test.load.stored();
    return setAside.filter(({ decided_as }) => decided_as === decidedAs).length;
  };

  it('are stored once each, to the pico-dollar, however often they are sent', async () => {
    await test.load.send(EVENTS, { batchMax: 200, copiesMax: 3, concurrency: 8 });
    expect(events()).toHaveLength(EVENTS);
    expect(new Set(events().map(({ customer }) => customer ?? null)).size).toBe(51);
    expect(new Set(events().map(({ model }) => model)).size).toBe(12);
    expect(test.load.sender.refusals).toEqual([]);
    expect(await test.load.differences()).toEqual([]);
    expect(await setAside('repeat')).toBeGreaterThan(EVENTS / 2);
  });

  it('are conflicts when the same id comes with another time, customer or count', async () => {
    await test.load.sendContradictions(events().slice(0, CONTRADICTED));
    expect(await test.load.differences()).toEqual([]);
    expect(await setAside('conflict')).toBeGreaterThanOrEqual(CONTRADICTED);
  });

  it('are plain repeats when they come again an hour later, with a time of their own or without', async () => {
    const repeatsBefore = await setAside('repeat');
    const conflictsBefore = await setAside('conflict');
    await test.restart('ingest-api', { env: { CLOCK_OFFSET_MS: String(HOUR_MS) } });
    const later = [
      ...events()
        .filter(({ time }) => time === undefined)
        .slice(0, REPEATED_LATER),
      ...events()
        .filter(({ time }) => time !== undefined)
        .slice(0, REPEATED_LATER),
    ];
    await test.load.sender.send(later, { batchMax: 100, copiesMax: 1, concurrency: 4 });
    expect(await test.load.differences()).toEqual([]);
    expect(await setAside('repeat')).toBe(repeatsBefore + 2 * REPEATED_LATER);
    expect(await setAside('conflict')).toBe(conflictsBefore);
  });

  it.each([
    ['UTC', 0],
    ['Asia/Kolkata', 5.5],
  ])('are what the console sums up by the days of %s', async (timeZone, hoursAhead) => {
    const expected = expectedDays(await test.load.expected(), hoursAhead * HOUR_MS);
    const read = await readDays(ApiClient.of(test.platform), timeZone);
    expect(read.size).toBe(expected.size);
    expect(Object.fromEntries(read)).toEqual(Object.fromEntries(expected));
  });

  it('are billed to the pico-dollar, month by month, with no difference at Stripe', async () => {
    const expected = await test.load.expected();
    const months = new Set(expected.map(({ event_time }) => event_time.slice(0, 7)));
    for (const month of [...months].filter((month) => month <= new Date().toISOString())) {
      const bill = await billMonth(test.platform, month);
      expect(bill.difference).toBe('0');
      expect(bill.customers).toEqual(expectedBill(expected, month));
    }
  });
});
