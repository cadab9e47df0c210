import { invalidParameter } from './api-error.js';

/** An exact decimal: `units` times ten to the power of minus `scale`. */
interface Decimal {
  units: bigint;
  readonly scale: number;
}

const DECIMALS_MAX = 12;

/**
 * Reads a decimal of up to 12 places, as Stripe's `*_decimal` parameters are.
 * Errors: 400 naming `param` for anything else.
 */
export function parseDecimal(text: string, param: string): Decimal {
  const match = /^(-?\d{1,15})(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? '';
  if (match === null) throw invalidParameter(param, `Invalid decimal: ${text}`);
  if (fraction.length > DECIMALS_MAX)
    throw invalidParameter(
      param,
      `Invalid decimal: ${param} has at most ${DECIMALS_MAX} decimal places.`,
    );
  return { units: BigInt(`${match[1]}${fraction}`), scale: fraction.length };
}

/**
 * The amount of a line in whole minor units: quantity times unit price, rounded once.
 * How Stripe rounds a tie is not documented; half away from zero is what fits its one example and our own rule.
 */
export function lineAmount(quantity: Decimal, unitAmount: Decimal): number {
  const product = quantity.units * unitAmount.units;
  const divisor = 10n ** BigInt(quantity.scale + unitAmount.scale);
  const magnitude = product < 0n ? -product : product;
  const rounded = (magnitude * 2n + divisor) / (divisor * 2n);
  return Number(product < 0n ? -rounded : rounded);
}
