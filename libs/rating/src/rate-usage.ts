import {
  type Cost,
  type UnpricedReason,
  USAGE_FIELDS,
  USAGE_PARENTS,
  type UsageField,
  type UsageVector,
} from '#contracts';
import { decimalFromPico } from '#money';
import { carveQuantities } from './carve-quantities.js';
import { findInconsistencies, rootOf } from './check-consistency.js';
import { priceCharges, type PricedCharges } from './price-charges.js';
import { type RateCard } from './rate-card.js';

const NOTHING: PricedCharges = { pico: 0n, lines: [], costsMoney: false };

/**
 * The cost of a usage vector under one rate card. Pure: equal arguments give equal bytes.
 * What can't be priced leaves the event unpriced, with the part that could be priced beside the reason.
 */
export function rateUsage(card: RateCard, usage: UsageVector, priceVersion: string): Cost {
  const inconsistencies = findInconsistencies(usage);
  const missing = fieldsWithoutPrice(card, usage);
  // A total with a part that has no price is left out whole: what the rest of it comes to is not known.
  const broken = new Set([...inconsistencies.map(({ root }) => root), ...missing.map(rootOf)]);
  const carving = carveQuantities(card, withoutTotals(usage, broken));
  inconsistencies.push(...carving.inconsistencies);
  const priced = priceCharges(carving.charges, card.denominator, usage.input_tokens ?? 0);
  if (inconsistencies.length > 0) {
    const detail = inconsistencies.map((one) => one.detail).join('; ');
    return unpriced('inconsistent_usage', detail, priceVersion, priced);
  }
  if (missing.length > 0) {
    const detail = `no price for ${missing.join(', ')}`;
    return unpriced('missing_dimension', detail, priceVersion, priced);
  }
  if (!reportsMoreThanCalls(usage) && !isPricedByCalls(card)) {
    return unpriced('no_usage', 'calls are counted, but not what they used', priceVersion, priced);
  }
  if (priced.lines.length > 0 && !priced.costsMoney)
    return { state: 'free', amount: '0', lines: priced.lines, price_version: priceVersion };
  return {
    state: 'priced',
    amount: decimalFromPico(priced.pico),
    lines: priced.lines,
    price_version: priceVersion,
  };
}

/** A cost that is not known, with its reason for a program and its detail for a person. */
export function unpriced(
  reason: UnpricedReason,
  detail: string,
  priceVersion: string,
  { pico, lines }: PricedCharges = NOTHING,
): Cost {
  return {
    state: 'unpriced',
    reason,
    detail,
    partial: decimalFromPico(pico),
    lines,
    price_version: priceVersion,
  };
}

function withoutTotals(usage: UsageVector, totals: ReadonlySet<UsageField>): UsageVector {
  if (totals.size === 0) return usage;
  const kept = Object.entries(usage).filter(([field]) => !totals.has(rootOf(field as UsageField)));
  return Object.fromEntries(kept);
}

/**
 * Parts that providers charge at rates of their own: without a price of its own such a part has none. Every other part (what
 * was read from a cache, reasoning, text) is charged with what contains it.
 */
const PRICED_APART: ReadonlySet<UsageField> = new Set([
  'cache_write_1h_tokens',
  'input_audio_tokens',
  'input_image_tokens',
  'input_video_tokens',
  'output_audio_tokens',
  'output_image_tokens',
  'output_video_tokens',
]);

/** What was used and has no price: totals, parts that are priced apart, and parts of two wholes with two prices. */
function fieldsWithoutPrice(card: RateCard, usage: UsageVector): UsageField[] {
  return USAGE_FIELDS.filter((field) => {
    if (!((usage[field] ?? 0) > 0)) return false;
    if (field === 'requests' || card.fields.has(field)) return false;
    const wholes: readonly UsageField[] = USAGE_PARENTS[field];
    const isTotal = wholes.length === 0;
    const isBetween = wholes.length > 1 && wholes.every((whole) => card.fields.has(whole));
    return isTotal || PRICED_APART.has(field) || isBetween;
  });
}

/** A model that is priced by the call alone. */
function isPricedByCalls({ fields }: RateCard): boolean {
  return fields.size === 1 && fields.has('requests');
}

function reportsMoreThanCalls(usage: UsageVector): boolean {
  return USAGE_FIELDS.some((field) => field !== 'requests' && usage[field] !== undefined);
}
