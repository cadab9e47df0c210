import { formatDecimal, parseDecimal } from './decimal.js';

/** 1 US dollar in pico-dollars, the unit of every amount in the code. */
export const PICO_PER_USD = 1_000_000_000_000n;
/** Digits behind the point of a dollar. */
export const PICO_SCALE = 12;

/**
 * Pico-dollars of a decimal string of US dollars.
 * Null when the text is not a plain decimal or is finer than a pico-dollar: the caller decides what that means.
 */
export function picoFromDecimal(text: string): bigint | null {
  const decimal = parseDecimal(text);
  if (!decimal) return null;
  if (decimal.scale <= PICO_SCALE) return decimal.units * 10n ** BigInt(PICO_SCALE - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - PICO_SCALE);
  return decimal.units % divisor === 0n ? decimal.units / divisor : null;
}

/** The wire form of an amount: US dollars, no exponent, no trailing zeros. */
export function decimalFromPico(pico: bigint): string {
  return formatDecimal({ units: pico, scale: PICO_SCALE });
}
