import { formatDecimal, parseDecimal } from '#money';

/** The decimal amount of a threshold: of `80%`, that share of the limit, exactly. Throws for what is no decimal. */
export function thresholdAmount(threshold: string, limit: string): string {
  if (!threshold.endsWith('%')) return threshold;
  const share = parseDecimal(threshold.slice(0, -1));
  const whole = parseDecimal(limit);
  if (share === null || whole === null) throw new Error(`not ${threshold} of an amount: ${limit}`);
  return formatDecimal({ units: whole.units * share.units, scale: whole.scale + share.scale + 2 });
}
