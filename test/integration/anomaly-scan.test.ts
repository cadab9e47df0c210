import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_TYPES } from '#contracts';
import { AnomalyHarness } from './anomaly-harness.js';

const YESTERDAY = '2026-11-13';
const TODAY = '2026-11-14';
/** Six weeks at $99 and then the days that are given: with a minimum of $1, $x scores ln((1 + x) / 100) / 0.1. */
const after = (...days: number[]): number[] => [...Array<number>(42).fill(99), ...days];

let harness: AnomalyHarness;

beforeAll(async () => {
  harness = await AnomalyHarness.open();
});
afterAll(() => harness.close());
afterEach(() => {
  harness.refusal = null;
  harness.completeToMs = Infinity;
  harness.clock.nowMs = Date.parse(`${TODAY}T10:00:00Z`);
});

describe('a round over the projects', () => {
  it('marks the days of customers and models that are far from their past, and raises each once', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'spiked', YESTERDAY, after(999), 'gpt-4o');
    await harness.use(project, 'fell', YESTERDAY, after(0), 'gpt-4o');
    await harness.use(project, 'calm', TODAY, after(100, 95), 'o3');
    await harness.scan();
    // Of both customers of gpt-4o together: 999 + 0 for 198; ln(1000 / 199) / 0.1 = 16.
    expect(await harness.marked(project)).toEqual([
      'customer fell 2026-11-13 cost low: 0 for 99',
      'customer spiked 2026-11-13 cost high: 999 for 99',
      'model gpt-4o 2026-11-13 cost high: 999 for 198',
    ]);
    const spiked = (await harness.marks(project)).find(({ subject }) => subject === 'spiked')!;
    // ln(1000 / 100) / 0.1 = 23.03; one deviation above $99: 100 * (e^0.1 - 1) = 10.5171 (to the millionth)
    expect(spiked).toMatchObject({ score: 23.03, deviation: '10.5171' });
    const alert = harness.raisedFor(project).find(({ id }) => id === spiked.id)!;
    expect(alert).toMatchObject({
      v: 1,
      project,
      type: 'anomaly.detected',
      raised_at: '2026-11-14T10:00:00.000Z',
      raised_by: null,
      data: {
        dimension: 'customer',
        subject: 'spiked',
        on: 'cost',
        direction: 'high',
        value: '999',
        expected: '99',
        deviation: '10.5171',
        score: 23.03,
        window_start: '2026-11-13T00:00:00.000Z',
        window_end: '2026-11-14T00:00:00.000Z',
        explanation: spiked.explanation,
      },
    });
    const { schema } = EVENT_TYPES.find(({ type }) => type === 'anomaly.detected')!;
    const validate = new Ajv2020().compile(schema);
    for (const { data } of harness.raisedFor(project))
      expect([validate(data), validate.errors]).toEqual([true, null]);

    await harness.scan();
    expect(harness.raisedFor(project)).toHaveLength(3);
  });

  it('finds the unfinished day too high already, and never too low', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'high', TODAY, after(500), 'a');
    await harness.use(project, 'low', TODAY, after(1), 'b');
    await harness.scan();
    expect(await harness.marked(project)).toEqual([
      'customer high 2026-11-14 cost high: 500 for 99',
      'model a 2026-11-14 cost high: 500 for 99',
    ]);
    // The day goes on: the mark follows, nothing is raised again.
    await harness.use(project, 'high', TODAY, [200], 'a');
    harness.clock.nowMs = Date.parse('2026-11-15T00:30:00Z');
    await harness.scan();
    expect(await harness.marked(project)).toEqual([
      'customer high 2026-11-14 cost high: 700 for 99',
      'model a 2026-11-14 cost high: 700 for 99',
    ]);
    expect(harness.raisedFor(project)).toHaveLength(2);
    harness.clock.nowMs = Date.parse('2026-11-15T01:00:00Z');
    await harness.scan();
    expect(await harness.marked(project)).toEqual([
      'customer high 2026-11-14 cost high: 700 for 99',
      'customer low 2026-11-14 cost low: 1 for 99',
      'model a 2026-11-14 cost high: 700 for 99',
      'model b 2026-11-14 cost low: 1 for 99',
    ]);
  });

  it('takes no day for low while the pipe lags behind it', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'waits', YESTERDAY, after(0));
    harness.completeToMs = Date.parse('2026-11-14T00:30:00Z');
    await harness.scan();
    harness.completeToMs = null;
    await harness.scan();
    expect(await harness.marked(project)).toEqual([]);
  });

  it('takes a mark away that late usage has made wrong', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'late', YESTERDAY, after(0));
    await harness.scan();
    expect(await harness.marked(project)).toHaveLength(2);
    await harness.use(project, 'late', YESTERDAY, [98]);
    await harness.scan();
    expect(await harness.marked(project)).toEqual([]);
    expect(harness.raisedFor(project)).toHaveLength(2);
  });

  it('raises the same alert when the log was away, though the day has grown meanwhile', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'acme', TODAY, after(500));
    harness.refusal = new Error('the log is away');
    await expect(harness.scan()).rejects.toThrow('the log is away');
    const before = await harness.marks(project);
    expect([before.length, harness.raisedFor(project).length]).toEqual([2, 0]);
    await harness.use(project, 'acme', TODAY, [100]);
    await expect(harness.scan()).rejects.toThrow('the log is away');
    harness.refusal = null;
    await harness.scan();
    await harness.scan();
    const raised = harness.raisedFor(project);
    expect(raised.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect(raised.map(({ data }) => data['value'])).toEqual(['500', '500']);
    expect((await harness.marks(project)).map(({ value }) => value)).toEqual(['600', '600']);
  });

  it('does as each project has set', async () => {
    const off = await harness.newProject({ enabled: false });
    const coarse = await harness.newProject({
      minimum_volume: { cost: '1000', tokens: '1', requests: '1' },
    });
    // 999 x 1,000 tokens and $999: of the same day, each on its own.
    const both = await harness.newProject({ measures: ['cost', 'tokens'] });
    const tokens = await harness.newProject({ measures: ['tokens'] });
    for (const project of [off, coarse, both, tokens])
      await harness.use(project, 'acme', YESTERDAY, after(999));
    await harness.scan();
    const customers = async (project: string) =>
      (await harness.marked(project)).filter((mark) => mark.startsWith('customer'));
    expect(await customers(off)).toEqual([]);
    expect(await customers(coarse)).toEqual([]);
    expect(await customers(both)).toEqual([
      'customer acme 2026-11-13 cost high: 999 for 99',
      'customer acme 2026-11-13 tokens high: 999000 for 99000',
    ]);
    expect(await customers(tokens)).toEqual([
      'customer acme 2026-11-13 tokens high: 999000 for 99000',
    ]);
  });

  it('keeps the marks of a measure that is no longer looked at', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'acme', YESTERDAY, after(999));
    await harness.scan();
    await harness.set(project, { measures: ['requests'] });
    await harness.scan();
    expect(await harness.marked(project)).toHaveLength(2);
  });

  it('goes on with the next project when one fails', async () => {
    const [one, other] = [await harness.newProject(), await harness.newProject()].sort();
    for (const project of [one!, other!]) await harness.use(project, 'acme', YESTERDAY, after(999));
    const real = harness.clickhouse;
    const { readDailyUsage } = await import('#clickhouse');
    await harness.scan({
      usage: (query) => {
        if (query.project === one) throw new Error('broken');
        return readDailyUsage(real, query);
      },
    });
    expect([await harness.marked(one!), (await harness.marked(other!)).length]).toEqual([[], 2]);
  });

  it('is made by one process at a time', async () => {
    const project = await harness.newProject();
    await harness.use(project, 'acme', YESTERDAY, after(999));
    const { promise: free, resolve: release } = Promise.withResolvers<null>();
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    const slow = harness.scan({
      completeTo: () => {
        begin();
        return free;
      },
    });
    await began;
    await harness.scan();
    expect(await harness.marked(project)).toEqual([]);
    release(null);
    await slow;
    expect(await harness.marked(project)).toHaveLength(2);
  });
});
