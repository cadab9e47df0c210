import { type Decimal, parseDecimal, PICO_PER_USD } from '#money';

/** Dollars as written in price data: a number of the package, or a decimal string of ours. */
export type WrittenAmount = number | string;

export interface WrittenTier {
  start: number;
  price: WrittenAmount;
}

export type WrittenPrice = WrittenAmount | { base: WrittenAmount; tiers: WrittenTier[] };

/** An exact, reduced fraction of pico-dollars. */
export interface Fraction {
  numerator: bigint;
  denominator: bigint;
}

/**
 * The exact decimal that was written. A number is read by its shortest decimal form, which is what stood in the
 * source of the data; the float's own binary value is never used.
 * @throws Error for what is no finite, non-negative amount.
 */
export function decimalOf(written: WrittenAmount): Decimal {
  const decimal = parseDecimal(typeof written === 'number' ? plainNotation(written) : written);
  if (!decimal || decimal.units < 0n) throw new Error(`${String(written)} is not a price`);
  return decimal;
}

/** Pico-dollars for one unit, when `price` dollars are asked for `per` units. */
export function picoPerUnit(price: Decimal, per: number): Fraction {
  const numerator = price.units * PICO_PER_USD;
  const denominator = 10n ** BigInt(price.scale) * BigInt(per);
  const divisor = greatestCommonDivisor(numerator, denominator);
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/**
 * `1e-7` as `0.0000001`: the shortest form's digits with the exponent written out. JavaScript writes one below -6 and above 20
 * alone, so that all digits stand on one side of the point.
 */
function plainNotation(value: number): string {
  const [digits, exponent] = String(value).split('e') as [string, string?];
  if (exponent === undefined) return digits;
  const [whole, fraction = ''] = digits.split('.') as [string, string?];
  const point = whole.length + Number(exponent);
  const all = whole + fraction;
  return exponent.startsWith('-') ? `0.${'0'.repeat(-point)}${all}` : all.padEnd(point, '0');
}
