import { formatDecimal, parseDecimal, PICO_SCALE } from '#money';

/** What a meter's numbers are told in. Counters hold whole numbers of it, limits and alerts decimal strings. */
export interface Unit {
  /** Digits behind the point of a decimal that a whole number of a counter holds. */
  scale: number;
  /** Of which measures, for a person. */
  description: string;
  /** What is wrong with a plain decimal as a limit, or null. */
  refuse(limit: string): string | null;
}

const SHARE_TEXT = /^(?:1|0\.\d+)$/;

export const US_DOLLARS: Unit = {
  scale: PICO_SCALE,
  description: 'US dollars for cost',
  refuse: () => null,
};

export const COUNT: Unit = {
  scale: 0,
  description: 'a whole count',
  refuse: (limit) => (isWhole(limit) ? null : 'must be a whole number: this measure counts'),
};

/** Of all events, from 0 to 1. */
export const SHARE: Unit = {
  scale: 0,
  description: 'a share from 0 to 1 for errors',
  refuse: (limit) => (SHARE_TEXT.test(limit) ? null : 'must be a share of the events, up to "1"'),
};

export const MILLISECONDS: Unit = {
  scale: 0,
  description: 'milliseconds for latencies',
  refuse: () => null,
};

/** Digits behind the point of a share or a latency: it is worked out, not summed. */
const LEVEL_SCALE = 6;

/**
 * A decimal amount in the unit it is counted in. Rounded up: an amount below it must not reach it. Throws for what is no
 * decimal.
 */
export function unitsFromDecimal(amount: string, { scale }: Unit): bigint {
  const decimal = parseDecimal(amount);
  if (decimal === null) throw new Error(`not a decimal: ${amount}`);
  if (decimal.scale <= scale) return decimal.units * 10n ** BigInt(scale - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - scale);
  return (decimal.units + divisor - 1n) / divisor;
}

/** The wire form of what is counted: US dollars of cost, else the count. */
export function decimalFromUnits(units: bigint, { scale }: Unit): string {
  return formatDecimal({ units, scale });
}

/** The wire form of a share or a latency. */
export function decimalFromLevel(level: number): string {
  return formatDecimal(parseDecimal(level.toFixed(LEVEL_SCALE))!);
}

/** The wire form of a share, rounded down: what is below a bound must not look like it. */
export function decimalOfShare(part: bigint, whole: bigint): string {
  return formatDecimal({ units: (part * 10n ** BigInt(LEVEL_SCALE)) / whole, scale: LEVEL_SCALE });
}

function isWhole(text: string): boolean {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not a decimal: ${text}`);
  return !formatDecimal(decimal).includes('.');
}
