import { describe, expect, it } from '@jest/globals';
import { PICO_PER_USD } from '#money';
import { detectAnomaly, type DetectionRules } from './detect-anomaly.js';
import { explainAnomaly } from './explain-anomaly.js';

const dollars = (amount: number): bigint => BigInt(amount) * PICO_PER_USD;
/** Six weeks at $99, a minimum of $1: a day of $x scores ln((1 + x) / 100) / 0.1. */
const seriesWith = (day: number, usual = 99): bigint[] => [
  ...Array<bigint>(42).fill(dollars(usual)),
  dollars(day),
];
const rules: DetectionRules = {
  sensitivity: 'medium',
  minimumVolume: PICO_PER_USD,
  directions: ['high', 'low'],
};

describe('an anomaly', () => {
  // e^0.3 = 1.34986, e^0.4 = 1.49182, e^0.5 = 1.64872
  it.each([
    ['high', 133, null],
    ['high', 134, 'high'],
    ['medium', 148, null],
    ['medium', 149, 'high'],
    ['low', 163, null],
    ['low', 164, 'high'],
    ['high', 74, null],
    ['high', 73, 'low'],
    ['medium', 67, null],
    ['medium', 66, 'low'],
    ['low', 60, null],
    ['low', 59, 'low'],
  ] as const)('at sensitivity %s and $%d is %s', (sensitivity, day, direction) => {
    const found = detectAnomaly(seriesWith(day), { ...rules, sensitivity });
    expect(found?.direction ?? null).toBe(direction);
  });

  it('is no day that can still grow to what was expected', () => {
    expect(detectAnomaly(seriesWith(0), { ...rules, directions: ['high'] })).toBeNull();
    expect(detectAnomaly(seriesWith(500), { ...rules, directions: ['high'] })).not.toBeNull();
  });

  it('is nothing below the minimum volume, nor a fall from there', () => {
    const minimumVolume = dollars(100);
    // Expected $10: both directions would score beyond 4 in themselves with a minimum of $1.
    expect(detectAnomaly(seriesWith(99, 10), rules)?.direction).toBe('high');
    expect(detectAnomaly(seriesWith(99, 10), { ...rules, minimumVolume })).toBeNull();
    expect(detectAnomaly(seriesWith(0, 10), rules)?.direction).toBe('low');
    expect(detectAnomaly(seriesWith(0, 10), { ...rules, minimumVolume })).toBeNull();
  });

  it('is explained by its numbers', () => {
    // ln(1000 / 100) / 0.1 = 23.0; one deviation above $99: (99 + 1) * (e^0.1 - 1) = $10.5171
    const anomaly = detectAnomaly(seriesWith(999), rules)!;
    expect(explainAnomaly(anomaly, { subject: 'acme', measure: 'cost', day: '2026-11-13' })).toBe(
      'acme cost $999 on Friday 2026-11-13; the median of the 6 Fridays before is $99 with a usual deviation of $10.52: 23.0 deviations too high.',
    );
    expect(
      explainAnomaly(
        { ...anomaly, value: 12n, expected: 3456n, deviation: 78n, score: -5.04, direction: 'low' },
        { subject: 'gpt-4o', measure: 'requests', day: '2026-11-15' },
      ),
    ).toBe(
      'gpt-4o had 12 requests on Sunday 2026-11-15; the median of the 6 Sundays before is 3456 with a usual deviation of 78: 5.0 deviations too low.',
    );
  });
});
