import { describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '#contracts';
import { compareUsage } from './compare-usage.js';
import { SentUsage } from './sent-usage.js';
import type { StoredEvent, StoredSums, StoredUsage } from './stored-usage.js';

const EVENT: UsageEvent = {
  id: 'e1',
  time: '2026-11-02T10:20:30.123Z',
  customer: 'acme',
  provider: 'openai',
  model: 'gpt-4o',
  usage: { input_tokens: 1000, cache_read_tokens: 600, output_tokens: 500 },
};
const COUNTS = {
  requests: '1',
  input_tokens: '1000',
  cache_read_tokens: '600',
  cache_write_tokens: '0',
  output_tokens: '500',
  output_reasoning_tokens: '0',
};
// 400 fresh at 2.5, 600 cached at 1.25, 500 out at 10 dollars a million.
const COST = '0.00675';
// sha256 of "p", NUL, "api", NUL, "e1", cut to half.
const IDENTITY = '26860e649c4e4f84d3630b40dbf38926';
const ROW: StoredEvent = {
  ...COUNTS,
  source: 'api',
  id: 'e1',
  identity: IDENTITY,
  position: 'c/3/17/0',
  event_time: '2026-11-02T10:20:30.123Z',
  customer: 'acme',
  provider: 'openai',
  model: 'gpt-4o',
  type: 'llm.call',
  fate: 'priced',
  cost: COST,
};
const SUMS: Omit<StoredSums, 'window' | 'customer'> = {
  ...COUNTS,
  model: 'gpt-4o',
  events: '1',
  cost: COST,
  unpriced_events: '0',
};
const RIGHT: StoredUsage = {
  events: [ROW],
  identities: [IDENTITY],
  perDay: [{ ...SUMS, window: '2026-11-02', customer: 'acme' }],
  perHour: [{ ...SUMS, window: '2026-11-02 10:00:00', customer: null }],
  setAside: [{ source: 'api', id: 'e1', decided_as: 'repeat', position: 'c/3/18/0' }],
};

/** One event, sent twice and acknowledged twice. */
function sentTwice(): SentUsage {
  const sent = new SentUsage();
  sent.noteTry([EVENT, EVENT]);
  sent.noteAcknowledgement([EVENT, EVENT]);
  return sent;
}

describe('comparing what is stored with what was sent', () => {
  it('finds nothing where all is right', () => {
    expect(compareUsage('p', sentTwice(), RIGHT)).toEqual([]);
  });

  it.each<[string, Partial<StoredUsage>]>([
    ['a lost event', { events: [] }],
    ['an event counted twice', { events: [ROW, { ...ROW, position: 'c/3/19/0' }] }],
    ['an event nobody sent', { events: [ROW, { ...ROW, id: 'e2', position: 'c/3/19/0' }] }],
    ['a cost that is off by a pico-dollar', { events: [{ ...ROW, cost: '0.006750000001' }] }],
    ['another customer', { events: [{ ...ROW, customer: null }] }],
    ['a lost identity', { identities: [] }],
    ['a lost day', { perDay: [] }],
    ['a doubled hour', { perHour: [{ ...RIGHT.perHour[0]!, events: '2' }] }],
    ['a lost repeat', { setAside: [] }],
    ['a repeat listed twice', { setAside: [...RIGHT.setAside, ...RIGHT.setAside] }],
    [
      'a repeat taken for a conflict',
      { setAside: [{ ...RIGHT.setAside[0]!, decided_as: 'conflict' }] },
    ],
  ])('finds %s', (_what, wrong) => {
    expect(compareUsage('p', sentTwice(), { ...RIGHT, ...wrong })).not.toEqual([]);
  });

  it('takes from the log how often something was recorded, where it is told', () => {
    const again = { ...RIGHT.setAside[0]!, position: 'c/3/20/0' };
    const twice = { ...RIGHT, setAside: [...RIGHT.setAside, again] };
    const compare = (stored: StoredUsage, inLog: number) =>
      compareUsage('p', sentTwice(), stored, new Map([['api e1', inLog]]));
    expect(compareUsage('p', sentTwice(), twice)).not.toEqual([]);
    expect(compare(twice, 3)).toEqual([]);
    expect(compare(RIGHT, 2)).toEqual([]);
    // Set aside once too often, and lost.
    expect(compare(twice, 2)).not.toEqual([]);
    expect(compare(RIGHT, 3)).not.toEqual([]);
  });
});
