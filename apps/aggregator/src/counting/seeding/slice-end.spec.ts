import { describe, expect, it } from '@jest/globals';
import { sliceEnd } from './slice-end.js';

const HOUR_MS = 3_600_000;
const hours = (...events: number[]) =>
  events.map((count, hour) => ({ startMs: hour * HOUR_MS, events: count }));
const all = { atMs: 0, endMs: 1_000 * HOUR_MS };

describe('a slice', () => {
  it('is all that is left when that is little', () => {
    expect(sliceEnd(all, hours(3, 3, 3), 10)).toBe(all.endMs);
    expect(sliceEnd(all, [], 10)).toBe(all.endMs);
  });

  it('ends behind the last whole hour that fits', () => {
    expect(sliceEnd(all, hours(3, 3, 3, 3), 10)).toBe(3 * HOUR_MS);
    expect(sliceEnd(all, hours(3, 11), 10)).toBe(HOUR_MS);
  });

  it('is a share of an hour that alone is too much, and goes on inside of it', () => {
    expect(sliceEnd(all, hours(40), 10)).toBe(HOUR_MS / 4);
    expect(sliceEnd({ ...all, atMs: HOUR_MS / 4 }, hours(40), 10)).toBe(HOUR_MS / 2);
    expect(sliceEnd({ ...all, atMs: HOUR_MS - 5 }, hours(40), 10)).toBe(HOUR_MS);
  });

  it('is never empty', () => {
    expect(sliceEnd(all, hours(1e12), 1)).toBe(1);
    expect(sliceEnd({ atMs: 5, endMs: 7 }, hours(1e12), 1)).toBe(6);
  });

  it('ends with what is to be added, whatever happened behind it', () => {
    expect(sliceEnd({ atMs: 0, endMs: 2 * HOUR_MS }, hours(1, 1, 50), 10)).toBe(2 * HOUR_MS);
    const late = [{ startMs: 9 * HOUR_MS, events: 50 }];
    expect(sliceEnd({ atMs: 0, endMs: 2 * HOUR_MS }, late, 10)).toBe(2 * HOUR_MS);
  });

  it('ends with the hours that are listed when there may be more', () => {
    const many = hours(...Array.from({ length: 2_000 }, () => 1));
    expect(sliceEnd({ atMs: 0, endMs: 9_000 * HOUR_MS }, many, 1e6)).toBe(2_000 * HOUR_MS);
  });
});
