import { describe, expect, it } from '@jest/globals';
import { daysToJudge, dayText } from './days-to-judge.js';

const at = (time: string): number => Date.parse(`2026-11-14T${time}Z`);

/** The days that may be found too low. */
const settledAt = (now: string, completeToMs: number | null = at(now)): string[] =>
  daysToJudge(at(now), completeToMs)
    .filter(({ directions }) => directions.includes('low'))
    .map(({ day }) => dayText(day));

describe('the days to judge', () => {
  it('are today and the seven days before', () => {
    const days = daysToJudge(at('10:00:00'), null);
    expect(days.map(({ day }) => dayText(day))).toEqual([
      '2026-11-07',
      '2026-11-08',
      '2026-11-09',
      '2026-11-10',
      '2026-11-11',
      '2026-11-12',
      '2026-11-13',
      '2026-11-14',
    ]);
    expect(days.every(({ directions }) => directions[0] === 'high')).toBe(true);
  });

  it('may be too low an hour after their end', () => {
    expect(settledAt('00:59:59.999').at(-1)).toBe('2026-11-12');
    expect(settledAt('01:00:00').at(-1)).toBe('2026-11-13');
    expect(settledAt('23:59:59.999').at(-1)).toBe('2026-11-13');
  });

  it('may be too low only when all their events are stored', () => {
    expect(settledAt('10:00:00', at('00:59:59.999')).at(-1)).toBe('2026-11-12');
    expect(settledAt('10:00:00', at('01:00:00')).at(-1)).toBe('2026-11-13');
    expect(settledAt('10:00:00', null)).toEqual([]);
  });
});
