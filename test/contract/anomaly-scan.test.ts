import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { EVENT_TYPES } from '#contracts';
import { AnomalyWorkbench } from './anomaly-workbench.js';

const YESTERDAY = '2026-11-13';
const TODAY = '2026-11-14';
/** Six weeks at $99 and then the days that are given: with a minimum of $1, $x scores ln((1 + x) / 100) / 0.1. */
const after = (...days: number[]): number[] => [...Array<number>(42).fill(99), ...days];

let bench: AnomalyWorkbench;

beforeAll(async () => {
  bench = await AnomalyWorkbench.open();
});
afterAll(() => bench.close());
afterEach(() => {
  bench.refusal = null;
  bench.completeToMs = Infinity;
  bench.clock.nowMs = Date.parse(`${TODAY}T10:00:00Z`);
});

describe('a round over the projects', () => {
  it('marks the days of customers and models that are far from their past, and raises each once', async () => {
    const project = await bench.newProject();
    await bench.use(project, 'spiked', YESTERDAY, after(999), 'gpt-4o');
    await bench.use(project, 'fell', YESTERDAY, after(0), 'gpt-4o');
    await bench.use(project, 'calm', TODAY, after(100, 95), 'o3');
    await bench.scan();
    // Of both customers of gpt-4o together: 999 + 0 for 198; ln(1000 / 199) / 0.1 = 16.
    expect(await bench.marked(project)).toEqual([
      'customer fell 2026-11-13 cost low: 0 for 99',
      'customer spiked 2026-11-13 cost high: 999 for 99',
      'model gpt-4o 2026-11-13 cost high: 999 for 198',
    ]);
    const spiked = (await bench.marks(project)).find(({ subject }) => subject === 'spiked')!;
    // ln(1000 / 100) / 0.1 = 23.03; one deviation above $99: 100 * (e^0.1 - 1) = 10.5171 (to the millionth)
    expect(spiked).toMatchObject({ score: 23.03, deviation: '10.5171' });
    const alert = bench.raisedFor(project).find(({ id }) => id === spiked.id)!;
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
    for (const { data } of bench.raisedFor(project))
      expect([validate(data), validate.errors]).toEqual([true, null]);

    await bench.scan();
    expect(bench.raisedFor(project)).toHaveLength(3);
  });

  it('finds the unfinished day too high already, and never too low', async () => {
    const project = await bench.newProject();
    await bench.use(project, 'high', TODAY, after(500), 'a');
    await bench.use(project, 'low', TODAY, after(1), 'b');
    await bench.scan();
    expect(await bench.marked(project)).toEqual([
      'customer high 2026-11-14 cost high: 500 for 99',
      'model a 2026-11-14 cost high: 500 for 99',
    ]);
    // The day goes on: the mark follows, nothing is raised again.
    await bench.use(project, 'high', TODAY, [200], 'a');
    bench.clock.nowMs = Date.parse('2026-11-15T00:30:00Z');
    await bench.scan();
    expect(await bench.marked(project)).toEqual([
      'customer high 2026-11-14 cost high: 700 for 99',
      'model a 2026-11-14 cost high: 700 for 99',
    ]);
    expect(bench.raisedFor(project)).toHaveLength(2);
    bench.clock.nowMs = Date.parse('2026-11-15T01:00:00Z');
    await bench.scan();
    expect(await bench.marked(project)).toEqual([
      'customer high 2026-11-14 cost high: 700 for 99',
      'customer low 2026-11-14 cost low: 1 for 99',
      'model a 2026-11-14 cost high: 700 for 99',
      'model b 2026-11-14 cost low: 1 for 99',
    ]);
  });

  it('takes no day for low while the pipe lags behind it', async () => {
    const project = await bench.newProject();
    await bench.use(project, 'waits', YESTERDAY, after(0));
    bench.completeToMs = Date.parse('2026-11-14T00:30:00Z');
    await bench.scan();
    bench.completeToMs = null;
    await bench.scan();
    expect(await bench.marked(project)).toEqual([]);
  });

  it('takes a mark away that late usage has made wrong', async () => {
    const project = await bench.newProject();
    await bench.use(project, 'late', YESTERDAY, after(0));
    await bench.scan();
    expect(await bench.marked(project)).toHaveLength(2);
    await bench.use(project, 'late', YESTERDAY, [98]);
    await bench.scan();
    expect(await bench.marked(project)).toEqual([]);
    expect(bench.raisedFor(project)).toHaveLength(2);
  });

  it('raises the same alert when the log was away, though the day has grown meanwhile', async () => {
    const project = await bench.newProject();
    await bench.use(project, 'acme', TODAY, after(500));
    bench.refusal = new Error('the log is away');
    await expect(bench.scan()).rejects.toThrow('the log is away');
    const before = await bench.marks(project);
    expect([before.length, bench.raisedFor(project).length]).toEqual([2, 0]);
    await bench.use(project, 'acme', TODAY, [100]);
    await expect(bench.scan()).rejects.toThrow('the log is away');
    bench.refusal = null;
    await bench.scan();
    await bench.scan();
    const raised = bench.raisedFor(project);
    expect(raised.map(({ id }) => id).sort()).toEqual(before.map(({ id }) => id).sort());
    expect(raised.map(({ data }) => data['value'])).toEqual(['500', '500']);
    expect((await bench.marks(project)).map(({ value }) => value)).toEqual(['600', '600']);
  });

  it('does as each project has set', async () => {
    const off = await bench.newProject({ enabled: false });
    const coarse = await bench.newProject({
      minimum_volume: { cost: '1000', tokens: '1', requests: '1' },
    });
    // 999 x 1,000 tokens and $999: of the same day, each on its own.
    const both = await bench.newProject({ measures: ['cost', 'tokens'] });
    const tokens = await bench.newProject({ measures: ['tokens'] });
    for (const project of [off, coarse, both, tokens])
      await bench.use(project, 'acme', YESTERDAY, after(999));
    await bench.scan();
    const customers = async (project: string) =>
      (await bench.marked(project)).filter((mark) => mark.startsWith('customer'));
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
    const project = await bench.newProject();
    await bench.use(project, 'acme', YESTERDAY, after(999));
    await bench.scan();
    await bench.set(project, { measures: ['requests'] });
    await bench.scan();
    expect(await bench.marked(project)).toHaveLength(2);
  });

  it('goes on with the next project when one fails', async () => {
    const [one, other] = [await bench.newProject(), await bench.newProject()].sort();
    for (const project of [one!, other!]) await bench.use(project, 'acme', YESTERDAY, after(999));
    const real = bench.clickhouse;
    const { readDailyUsage } = await import('#clickhouse');
    await bench.scan({
      usage: (query) => {
        if (query.project === one) throw new Error('broken');
        return readDailyUsage(real, query);
      },
    });
    expect([await bench.marked(one!), (await bench.marked(other!)).length]).toEqual([[], 2]);
  });

  it('is made by one process at a time', async () => {
    const project = await bench.newProject();
    await bench.use(project, 'acme', YESTERDAY, after(999));
    const { promise: free, resolve: release } = Promise.withResolvers<null>();
    const { promise: began, resolve: begin } = Promise.withResolvers<void>();
    const slow = bench.scan({
      completeTo: () => {
        begin();
        return free;
      },
    });
    await began;
    await bench.scan();
    expect(await bench.marked(project)).toEqual([]);
    release(null);
    await slow;
    expect(await bench.marked(project)).toHaveLength(2);
  });
});
