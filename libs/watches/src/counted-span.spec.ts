import { describe, expect, it } from '@jest/globals';
import type { Budget } from './budget.js';
import { compileBudget, compileRate } from './compile-watch.js';
import { countedSpan } from './counted-span.js';
import type { Rate } from './rate.js';

const at = (time: string) => Date.parse(`2026-11-02T${time}Z`);
const budget = (window: Budget['window']) =>
  compileBudget({ id: 'b1', on: 'events', scope: {}, per: [], window } as unknown as Budget);

describe('the span that a counter holds', () => {
  it('is the window, of a watch whose windows stand still', () => {
    const day = budget({ kind: 'calendar', unit: 'day', time_zone: 'UTC' });
    expect(countedSpan(day, at('10:30:30'))).toEqual({
      startMs: at('00:00:00'),
      endMs: at('24:00:00'),
      windowStarts: [at('00:00:00')],
    });
  });

  it.each([
    ['a budget', budget({ kind: 'rolling', seconds: 3_600 })],
    [
      'a rate',
      compileRate({
        id: 'r1',
        on: 'events',
        scope: {},
        per: [],
        over_seconds: 3_600,
      } as unknown as Rate),
    ],
  ])(
    'is the last sixty minutes of %s over an hour, and five that clocks ahead may have begun',
    (_, hour) => {
      const { startMs, endMs, windowStarts } = countedSpan(hour, at('10:30:30'));
      expect([startMs, endMs]).toEqual([at('09:31:00'), at('10:31:00')]);
      expect(windowStarts).toHaveLength(65);
      expect(windowStarts.slice(0, 2)).toEqual([at('09:31:00'), at('09:32:00')]);
      expect(windowStarts.slice(-2)).toEqual([at('10:34:00'), at('10:35:00')]);
    },
  );
});
