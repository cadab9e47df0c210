import { type Decimal, formatDecimal, parseDecimal } from '#money';

const PICO_SCALE = 12;

/** A decimal amount in units of its measure: pico-dollars of cost, else whole counts. Rounded up: an amount below it must not reach it. */
export function unitsOf(amount: string, on: string): bigint {
  const decimal = decimalOf(amount);
  const scale = on === 'cost' ? PICO_SCALE : 0;
  if (decimal.scale <= scale) return decimal.units * 10n ** BigInt(scale - decimal.scale);
  const divisor = 10n ** BigInt(decimal.scale - scale);
  return (decimal.units + divisor - 1n) / divisor;
}

/** The decimal amount of a threshold: of `80%`, that share of the limit, exactly. */
export function amountText(threshold: string, limit: string): string {
  if (!threshold.endsWith('%')) return threshold;
  const share = decimalOf(threshold.slice(0, -1));
  const whole = decimalOf(limit);
  return formatDecimal({ units: whole.units * share.units, scale: whole.scale + share.scale + 2 });
}

function decimalOf(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not a decimal: ${text}`);
  return decimal;
}
