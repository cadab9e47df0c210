import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  planUsageRead,
  type TimeRange,
  USAGE_DIMENSIONS,
  type UsageDimension,
  type UsageTable,
} from './plan-usage-read.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GRAIN: Record<UsageTable, number> = {
  usage_per_day: DAY,
  usage_per_hour: HOUR,
  usage_raw: 1,
};
const at = (text: string): number => Date.parse(text);

describe('planUsageRead', () => {
  it('reads whole days from the day rollup, the hours beside them from the hour rollup, the rest raw', () => {
    const window = { from: at('2026-03-01T22:15:00Z'), to: at('2026-03-04T01:00:00.500Z') };
    expect(planUsageRead([window], new Set(['model']))).toEqual([
      {
        table: 'usage_raw',
        ranges: [
          { from: at('2026-03-01T22:15:00Z'), to: at('2026-03-01T23:00:00Z') },
          { from: at('2026-03-04T01:00:00Z'), to: at('2026-03-04T01:00:00.500Z') },
        ],
      },
      {
        table: 'usage_per_hour',
        ranges: [
          { from: at('2026-03-01T23:00:00Z'), to: at('2026-03-02T00:00:00Z') },
          { from: at('2026-03-04T00:00:00Z'), to: at('2026-03-04T01:00:00Z') },
        ],
      },
      {
        table: 'usage_per_day',
        ranges: [{ from: at('2026-03-02T00:00:00Z'), to: at('2026-03-04T00:00:00Z') }],
      },
    ]);
  });

  it('never reads hours for a customer, nor any rollup for a user', () => {
    const window = { from: at('2026-03-01T23:00:00Z'), to: at('2026-03-03T00:00:00Z') };
    const tables = (dimension: UsageDimension): string[] =>
      planUsageRead([window], new Set([dimension])).map(({ table }) => table);
    expect(tables('customer')).toEqual(['usage_raw', 'usage_per_day']);
    expect(tables('user')).toEqual(['usage_raw']);
  });

  it('joins what touches: a year of UTC hours is one range of the hour rollup', () => {
    const start = at('2026-01-01T00:00:00Z');
    const hours = Array.from({ length: 8760 }, (_, n) => ({
      from: start + n * HOUR,
      to: start + (n + 1) * HOUR,
    }));
    expect(planUsageRead(hours, new Set())).toEqual([
      { table: 'usage_per_hour', ranges: [{ from: start, to: start + 8760 * HOUR }] },
    ]);
  });

  it('reads each moment of any windows once, in whole buckets, and from raw only what no bucket fills', () => {
    fc.assert(
      fc.property(anyWindows, fc.subarray([...USAGE_DIMENSIONS]), (windows, dimensions) => {
        const plan = planUsageRead(windows, new Set(dimensions));
        const pieces = plan.flatMap(({ table, ranges }) =>
          ranges.flatMap((range) => bucketsAndEdges(table, range, windows)),
        );
        pieces.sort((a, b) => a.from - b.from);
        expect(joined(pieces)).toEqual(joined(windows));
        expect(
          pieces.every(({ from, to }) =>
            windows.some((window) => window.from <= from && to <= window.to),
          ),
        ).toBe(true);
        if (dimensions.includes('user') || dimensions.includes('customer')) return;
        const raw = pieces.filter(({ table }) => table === 'usage_raw');
        expect(raw.every(({ from, to }) => Math.ceil(from / HOUR) * HOUR + HOUR > to)).toBe(true);
      }),
    );
  });
});

/** Windows on quarter hours, some clipped to odd milliseconds, with and without gaps. */
const anyWindows = fc
  .uniqueArray(
    fc.oneof(
      fc.integer({ min: 0, max: 4 * 24 * 20 }).map((quarters) => quarters * (HOUR / 4)),
      fc.integer({ min: 0, max: 20 * DAY }),
    ),
    { minLength: 2, maxLength: 12 },
  )
  .chain((edges) => {
    const sorted = edges.toSorted((a, b) => a - b);
    const windows = sorted.slice(1).map((to, index) => ({ from: sorted[index] ?? 0, to }));
    return fc.subarray(windows, { minLength: 1 });
  });

/** A rollup's range as its single buckets, a raw range cut at the windows: what must each lie in one window. */
function bucketsAndEdges(table: UsageTable, range: TimeRange, windows: TimeRange[]) {
  const grain = GRAIN[table];
  if (grain > 1) {
    expect([range.from % grain, range.to % grain]).toEqual([0, 0]);
    const count = (range.to - range.from) / grain;
    return Array.from({ length: count }, (_, n) => ({
      table,
      from: range.from + n * grain,
      to: range.from + (n + 1) * grain,
    }));
  }
  return windows
    .map(({ from, to }) => ({
      table,
      from: Math.max(from, range.from),
      to: Math.min(to, range.to),
    }))
    .filter(({ from, to }) => from < to);
}

/** Touching ranges as one, so that two ways to cut the same time compare equal; an overlap stays visible. */
function joined(ranges: TimeRange[]): TimeRange[] {
  const result: TimeRange[] = [];
  for (const { from, to } of ranges) {
    const last = result.at(-1);
    if (last?.to === from) last.to = to;
    else result.push({ from, to });
  }
  return result;
}
