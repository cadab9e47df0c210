import { USAGE_FIELDS, type UsageField } from '#contracts';
import { formatDecimal } from '#money';
import {
  decimalOf,
  type Fraction,
  leastCommonMultiple,
  picoPerUnit,
  type WrittenAmount,
  type WrittenPrice,
} from './exact-price.js';
import { ancestorsOf, type PriceUnit, priceUnitOf } from './price-units.js';

/** One step of a price: it holds for a whole event whose `input_tokens` are strictly more than `above`. */
export interface RateStep {
  above: number;
  /** Dollars for `per` units, as a decimal string. */
  price: string;
  /** Pico-dollars for one unit, over the card's denominator. */
  numerator: bigint;
}

export interface Rate extends PriceUnit {
  /** Ascending; the first one holds from zero. */
  steps: RateStep[];
  /** The other priced counts that lie inside this one and are charged at their own rates. */
  parts: UsageField[];
}

/** The exact rates of one model in one epoch. */
export interface RateCard {
  /** Parts stand before what contains them. */
  rates: Rate[];
  fields: ReadonlySet<UsageField>;
  /** Common to all rates, so that amounts add up before the one rounding. Nearly always 1. */
  denominator: bigint;
}

interface ExactStep {
  above: number;
  price: string;
  pico: Fraction;
}

/**
 * Turns written prices into exact rates.
 * @throws Error when an amount is malformed, or a part has a price and what contains it has none.
 */
export function rateCardOf(prices: Readonly<Record<string, WrittenPrice | undefined>>): RateCard {
  const exact = Object.entries(prices).flatMap(([key, written]) => {
    const unit = priceUnitOf(key);
    return unit && written !== undefined ? [{ unit, steps: stepsOf(written, unit.per) }] : [];
  });
  const denominator = exact
    .flatMap(({ steps }) => steps.map(({ pico }) => pico.denominator))
    .reduce(leastCommonMultiple, 1n);
  const fields = new Set(exact.map(({ unit }) => unit.field));
  for (const field of fields) refuseOrphan(field, fields);
  const rates = exact.map(({ unit, steps }) => ({
    ...unit,
    steps: steps.map(({ above, price, pico }) => ({
      above,
      price,
      numerator: pico.numerator * (denominator / pico.denominator),
    })),
    parts: [...fields].filter((field) => ancestorsOf(field).has(unit.field)),
  }));
  return { rates: rates.sort(deepestFirst), fields, denominator };
}

function stepsOf(written: WrittenPrice, per: number): ExactStep[] {
  const step = (above: number, amount: WrittenAmount): ExactStep => {
    const price = decimalOf(amount);
    return { above, price: formatDecimal(price), pico: picoPerUnit(price, per) };
  };
  if (typeof written !== 'object') return [step(-1, written)];
  const tiers = written.tiers.map(({ start, price }) => {
    if (!Number.isSafeInteger(start) || start < 0)
      throw new Error(`${start} is not a tier's start`);
    return step(start, price);
  });
  return [step(-1, written.base), ...tiers.sort((a, b) => a.above - b.above)];
}

function refuseOrphan(field: UsageField, priced: ReadonlySet<UsageField>): void {
  for (const ancestor of ancestorsOf(field)) {
    if (!priced.has(ancestor)) throw new Error(`${field} has a price and ${ancestor} has none`);
  }
}

/** Reversed, it reads well: totals first, in the vector's order. */
function deepestFirst(a: Rate, b: Rate): number {
  const depth = ancestorsOf(b.field).size - ancestorsOf(a.field).size;
  return depth || USAGE_FIELDS.indexOf(b.field) - USAGE_FIELDS.indexOf(a.field);
}
