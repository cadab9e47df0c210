import { describe, expect, it } from '@jest/globals';
import type { UsageEvent } from '#contracts';
import { demoPeriod } from './demo-period.js';
import { generateDemoDay } from './generate-demo-day.js';

const { days } = demoPeriod(Date.parse('2026-11-21T04:30:00Z'));
const month = days.flatMap(generateDemoDay);
const ofDay = (day: string) => generateDemoDay(day).length;

const countBy = (keyOf: (event: UsageEvent) => string | undefined) => {
  const groups = Map.groupBy(month, keyOf);
  return new Map([...groups].map(([key, events]) => [key, events.length]));
};

describe('the demo month', () => {
  it('is thirty whole days and today, before the hour that has begun', () => {
    expect(days).toHaveLength(31);
    expect([days[0], days.at(-1)]).toEqual(['2026-10-22', '2026-11-21']);
    const now = Date.parse('2026-11-21T04:30:00Z');
    expect(new Date(demoPeriod(now).beforeMs).toISOString()).toBe('2026-11-21T04:00:00.000Z');
    expect(now - Date.parse(`${days[0]}T00:00:00Z`)).toBeLessThan(35 * 86_400_000);
  });

  it('follows from the day alone, and names every event once', () => {
    expect(generateDemoDay('2026-11-20')).toEqual(generateDemoDay('2026-11-20'));
    expect(generateDemoDay('2026-11-19')).not.toEqual(generateDemoDay('2026-11-20'));
    expect(new Set(month.map(({ id }) => id)).size).toBe(month.length);
  });

  it('keeps every event inside its day, in order', () => {
    for (const day of days) {
      const times = generateDemoDay(day).map(({ time = '' }) => time);
      expect(times.every((time) => time.startsWith(day))).toBe(true);
      expect([...times].sort()).toEqual(times);
    }
  });

  it('is a believable amount with a weekly and a daily rhythm', () => {
    expect(month.length).toBeGreaterThan(20_000);
    expect(month.length).toBeLessThan(60_000);
    // 2026-11-15 is a Sunday, 2026-11-18 a Wednesday.
    expect(ofDay('2026-11-15')).toBeLessThan(ofDay('2026-11-18') / 3);
    const hours = countBy(({ time }) => time?.slice(11, 13));
    expect(hours.get('10')!).toBeGreaterThan(10 * hours.get('02')!);
  });

  it("has twenty customers with a heavy tail, and some calls that are nobody's", () => {
    const customers = countBy(({ customer }) => customer);
    const anonymous = customers.get(undefined) ?? 0;
    customers.delete(undefined);
    const counts = [...customers.values()].sort((a, b) => b - a);
    const named = month.length - anonymous;
    expect(counts).toHaveLength(20);
    expect(counts.slice(0, 3).reduce((a, b) => a + b)).toBeGreaterThan(named / 2);
    expect(counts.at(-1)!).toBeLessThan(named / 40);
    expect(anonymous / month.length).toBeGreaterThan(0.01);
    expect(anonymous / month.length).toBeLessThan(0.02);
  });

  it('uses models of several providers, the cache, and fails now and then', () => {
    const providers = countBy(({ provider }) => provider);
    const expected = ['anthropic', 'deepseek', 'google', 'in-house', 'mistral', 'openai'];
    expect(new Set(providers.keys())).toEqual(new Set(expected));
    const share = (is: (event: UsageEvent) => boolean) => month.filter(is).length / month.length;
    expect(share(({ usage }) => (usage?.cache_read_tokens ?? 0) > 0)).toBeGreaterThan(0.2);
    expect(share(({ status }) => status === 'error')).toBeGreaterThan(0.01);
    expect(share(({ status }) => status === 'error')).toBeLessThan(0.03);
    expect(share(({ model }) => model === 'support-llama-ft-3')).toBeGreaterThan(0.003);
  });

  it('counts no part beyond its whole', () => {
    for (const { usage = {} } of month) {
      const { input_tokens = 0, cache_read_tokens = 0, cache_write_tokens = 0 } = usage;
      const { output_tokens = 0, output_reasoning_tokens = 0 } = usage;
      expect(cache_read_tokens + cache_write_tokens).toBeLessThanOrEqual(input_tokens);
      expect(output_reasoning_tokens).toBeLessThanOrEqual(output_tokens);
    }
  });

  it('says in every event that it is a demo', () => {
    expect(
      month.every(
        ({ source, tags, properties }) =>
          source === 'demo' && tags?.includes('demo') && properties?.['demo'] === true,
      ),
    ).toBe(true);
  });
});
