import { type CostLine } from '#contracts';
import { decimalFromPico, divideHalfAwayFromZero } from '#money';
import { type Charge } from './carve-quantities.js';
import { type Rate, type RateStep } from './rate-card.js';

export interface PricedCharges {
  pico: bigint;
  /** One for each charge with a quantity. Their amounts add up to `pico` exactly. */
  lines: CostLine[];
  /** Whether anything was charged at a price above zero. */
  costsMoney: boolean;
}

interface ExactLine {
  charge: Charge;
  step: RateStep;
  whole: bigint;
  remainder: bigint;
}

/**
 * The amount of one event, rounded once, half up, to whole pico-dollars. What rounding leaves over goes to the lines
 * with the largest remainders, so that the lines add up.
 * @param inputTokens the whole prompt, cache included: it alone decides the tier of every rate.
 */
export function priceCharges(
  charges: readonly Charge[],
  denominator: bigint,
  inputTokens: number,
): PricedCharges {
  const exact = charges
    .filter(({ quantity }) => quantity > 0)
    .map((charge) => exactLine(charge, denominator, inputTokens));
  let floor = 0n;
  let remainder = 0n;
  for (const line of exact) {
    floor += line.whole;
    remainder += line.remainder;
  }
  const leftOver = divideHalfAwayFromZero(remainder, denominator);
  const raised = new Set(
    leftOver === 0n ? [] : [...exact].sort(byRemainder).slice(0, Number(leftOver)),
  );
  return {
    pico: floor + leftOver,
    lines: exact.map((line) => costLine(line, raised.has(line) ? 1n : 0n)),
    costsMoney: exact.some(({ step }) => step.numerator > 0n),
  };
}

function exactLine(charge: Charge, denominator: bigint, inputTokens: number): ExactLine {
  const step = stepFor(charge.rate, inputTokens);
  const exact = BigInt(charge.quantity) * step.numerator;
  return { charge, step, whole: exact / denominator, remainder: exact % denominator };
}

/** Tiers are cliffs: the last step that is passed prices the whole event. */
function stepFor(rate: Rate, inputTokens: number): RateStep {
  let current = rate.steps[0]!;
  for (const step of rate.steps) if (inputTokens > step.above) current = step;
  return current;
}

function costLine({ charge, step, whole }: ExactLine, raise: bigint): CostLine {
  return {
    unit: charge.rate.field,
    quantity: charge.quantity,
    price: step.price,
    per: charge.rate.per,
    amount: decimalFromPico(whole + raise),
  };
}

/** The largest first. */
function byRemainder(a: ExactLine, b: ExactLine): number {
  return Number(b.remainder - a.remainder);
}
