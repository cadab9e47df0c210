import { divideHalfAwayFromZero, formatDecimal, parseDecimal, picoFromDecimal } from '#money';

/**
 * Charges are exact: whole numbers of 10^-24 US dollars, which is what a cost in 10^-12 dollars times a markup of up to
 * twelve decimals comes to. Nothing is lost before the one rounding to cents.
 */
const CHARGE_SCALE = 24;
const CHARGE_PER_CENT = 10n ** BigInt(CHARGE_SCALE - 2);

/** Reads a markup such as `"1.25"` into units of 10^-12; null when it is negative, too fine, or no decimal. */
export function parseMarkup(text: string): bigint | null {
  const markup = picoFromDecimal(text);
  return markup === null || markup < 0n ? null : markup;
}

/** What the customer owes, exactly: cost (pico-dollars) times markup (as `parseMarkup` gives it). */
export function chargeOf(costPico: bigint, markup: bigint): bigint {
  return costPico * markup;
}

/** Whole cents, ties away from zero. */
export function roundToCents(charge: bigint): bigint {
  return divideHalfAwayFromZero(charge, CHARGE_PER_CENT);
}

/** The exact charge less what is billed for it, with its sign: what rounding took from the customer or from us. */
export function remainderOf(charge: bigint, amountCents: bigint): bigint {
  return charge - amountCents * CHARGE_PER_CENT;
}

/** The wire form of a charge or a remainder, in US dollars. */
export function decimalFromCharge(charge: bigint): string {
  return formatDecimal({ units: charge, scale: CHARGE_SCALE });
}

/** Reads what `decimalFromCharge` wrote, with or without trailing zeros; null for anything else. */
export function chargeFromDecimal(text: string): bigint | null {
  const decimal = parseDecimal(text);
  if (decimal === null || decimal.scale > CHARGE_SCALE) return null;
  return decimal.units * 10n ** BigInt(CHARGE_SCALE - decimal.scale);
}

/** The wire form of whole cents, in US dollars. */
export function decimalFromCents(cents: bigint): string {
  return formatDecimal({ units: cents, scale: 2 });
}
