import { parseDecimal } from './decimal.js';
import { decimalFromPico, PICO_SCALE } from './pico-usd.js';

/**
 * A decimal amount of a measure in the unit it is counted in: pico-dollars of `cost`, else whole counts. Rounded up: an
 * amount below it must not reach it. Throws for what is no decimal.
 */
export function unitsFromDecimal(amount: string, measure: string): bigint {
  const decimal = parseDecimal(amount);
  if (decimal === null) throw new Error(`not a decimal: ${amount}`);
  const scale = measure === 'cost' ? PICO_SCALE : 0;
  if (decimal.scale <= scale) return decimal.units * 10n ** BigInt(scale - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - scale);
  return (decimal.units + divisor - 1n) / divisor;
}

/** The wire form of what is counted: US dollars of `cost`, else the count. */
export function decimalFromUnits(units: bigint, measure: string): string {
  return measure === 'cost' ? decimalFromPico(units) : String(units);
}
