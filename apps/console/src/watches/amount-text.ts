import { formatDecimal, parseDecimal } from '#money';

/** Plain decimal notation above zero; ten times as much, the largest threshold, is within what a counter can hold exactly. */
export const AMOUNT_TEXT = /^(?=.*[1-9])\d{1,14}(?:\.\d{1,12})?$/;
export const AMOUNT_MESSAGE =
  '$property must be a decimal string above 0, of up to 14 digits and 12 behind the point';

/** Without leading or trailing zeros, so that equal amounts are equal texts. */
export function plainAmount(text: string): string {
  const decimal = parseDecimal(text);
  if (decimal === null) throw new Error(`not a decimal: ${text}`);
  return formatDecimal(decimal);
}
