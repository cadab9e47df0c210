import { describe, expect, it } from '@jest/globals';
import { TOPICS } from '#contracts';
import type { EnvelopeSend, SendOutcome } from '#kafka';
import { createLogger } from '#platform';
import type { SetAsideAlert } from '#postgres';
import { AggregatorMetrics } from '../aggregator.metrics.js';
import { AlertRaising } from './alert-raising.js';
import { AlertsSink } from './alerts.sink.js';

const metrics = new AggregatorMetrics();
const logger = createLogger('test', 'fatal');
const AT_ONCE = 200;

const WATCH = {
  kind: 'budget',
  project: 'p1',
  watch: 'bud_1',
  on: 'cost',
  scope_customer: null,
  limit: '1',
  arming: 3,
  window_start: null,
  window_end: null,
};
const TIMES = { event_time: '2026-11-14T09:00:00.000Z', raised_at: '2026-11-14T09:00:01.000Z' };
const entry = (customer: string, watch: object = {}) =>
  JSON.stringify({
    kind: 'crossed',
    threshold: '100%',
    counter: { customer },
    hi: '0',
    lo: '7',
    ...TIMES,
    watch: { ...WATCH, name: 'n', ...watch },
  });

/** A log that refuses what the producer refuses, and a list of what is pending. */
function begin(pending: string[]) {
  const raised: string[] = [];
  const setAside: SetAsideAlert[] = [];
  const waits: ((recorded: boolean) => void)[] = [];
  const send = ({ records }: EnvelopeSend): Promise<SendOutcome> => {
    const bytes = records.reduce((sum, { value }) => sum + value.length + 256, 0);
    if (bytes > TOPICS.alertsRaised.messageBytesMax)
      return Promise.resolve({ state: 'refused', reason: `${bytes} bytes` });
    for (const { value } of records) {
      const { data } = JSON.parse(value.toString()) as { data: { customer: string } };
      raised.push(data.customer);
    }
    return Promise.resolve({ state: 'acknowledged', offsets: [] });
  };
  const shorten = (_: string, entries: string[]) => {
    pending.splice(0, entries.length);
    return Promise.resolve(pending.length);
  };
  const add = (alerts: readonly SetAsideAlert[]) => Promise.resolve(void setAside.push(...alerts));
  const sink = new AlertsSink(
    { log: { send }, pending: { shorten }, setAside: { add } },
    metrics,
    logger,
  );
  const ports = { pending: { read: () => Promise.resolve(pending.slice(0, AT_ONCE)) } };
  const pace = { recorded: () => new Promise<boolean>((resolve) => waits.push(resolve)) };
  return { pending, raised, setAside, waits, raising: new AlertRaising(ports, sink, pace, logger) };
}

const numbered = (count: number) => Array.from({ length: count }, (_, nth) => `c${nth}`);
const countSetAside = async () => (await metrics.alertsSetAside.get()).values[0]?.value ?? 0;

describe('raising what is pending', () => {
  it('gets two hundred alerts to the log that are larger than a batch together, in order', async () => {
    const customers = numbered(200);
    const name = 'x'.repeat(8_000);
    const { raising, pending, raised } = begin(customers.map((one) => entry(one, { name })));
    await raising.drain('p1');
    expect(raised).toEqual(customers);
    expect(pending).toEqual([]);
  });

  it('sets an alert aside that no record can hold, and tells of it', async () => {
    const before = await countSetAside();
    const huge = entry('huge', { name: 'x'.repeat(1024 * 1024) });
    const { raising, pending, raised, setAside } = begin([entry('a'), huge, entry('b')]);
    await raising.drain('p1');
    expect(raised).toEqual(['a', 'b']);
    expect(pending).toEqual([]);
    expect(setAside.map(({ reason }) => reason)).toEqual([
      'it is larger than a record of the log may be',
    ]);
    expect(await countSetAside()).toBe(before + 1);
  });

  it.each([
    ['no JSON', '{', 'it is not an entry'],
    ['no watch', entry('x').replace('"watch":{', '"other":{'), 'it is not an entry'],
    ['no such meter', entry('x', { on: 'smell' }), expect.stringContaining('TypeError')],
    ['the watch of another project', entry('x', { project: 'p2' }), 'it names another project'],
  ])('sets an entry aside with %s as it stands, and raises the others', async (_, bad, reason) => {
    const { raising, pending, raised, setAside } = begin([entry('a'), bad, entry('b')]);
    await raising.drain('p1');
    expect(raised).toEqual(['a', 'b']);
    expect(pending).toEqual([]);
    expect(setAside).toEqual([{ project: 'p1', content: Buffer.from(bad), reason }]);
  });

  it('holds nobody up behind a first slice, and puts no second one on the log before that is recorded', async () => {
    const customers = numbered(450);
    const { raising, pending, raised, waits } = begin(customers.map((one) => entry(one)));
    const turn = () => new Promise((resolve) => setImmediate(resolve));
    await raising.drain('p1');
    await raising.drain('p1');
    await turn();
    expect([raised.length, pending.length, waits.length]).toEqual([200, 250, 1]);
    waits[0]!(true);
    await turn();
    expect([raised.length, pending.length, waits.length]).toEqual([400, 50, 2]);
    waits[1]!(false);
    await turn();
    expect(raised).toEqual(customers);
    expect(pending).toEqual([]);
  });
});
