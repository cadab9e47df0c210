import { type UsageField, type UsageVector } from '#contracts';
import { type Inconsistency, rootOf } from './check-consistency.js';
import { type Rate, type RateCard } from './rate-card.js';

/** So many of a unit are charged at this rate. */
export interface Charge {
  rate: Rate;
  quantity: number;
}

export interface Carving {
  /** Totals before their parts. */
  charges: Charge[];
  inconsistencies: Inconsistency[];
}

/** Cached parts of one modality lie in two wholes that both may have prices: `cached + modality - both` are charged. */
const CACHED_MODALITIES: Partial<Record<UsageField, UsageField>> = {
  cache_text_read_tokens: 'input_text_tokens',
  cache_audio_read_tokens: 'input_audio_tokens',
  cache_image_read_tokens: 'input_image_tokens',
  cache_video_read_tokens: 'input_video_tokens',
};

/**
 * Splits inclusive totals so that every unit is charged at exactly one rate: a priced part is taken out of what
 * contains it, a part without a price stays in it. A total with a contradiction is left out and named.
 */
export function carveQuantities(card: RateCard, usage: UsageVector): Carving {
  const charged = new Map<UsageField, number>();
  const charges: Charge[] = [];
  const inconsistencies = undividedOverlaps(card, usage);
  for (const rate of card.rates) {
    const root = rootOf(rate.field);
    const whole = countOf(rate.field, usage);
    if (typeof whole !== 'number') {
      inconsistencies.push(whole);
      continue;
    }
    let quantity = whole;
    for (const part of rate.parts) quantity -= charged.get(part) ?? 0;
    // Where an overlap is not known its parts are counted twice, which says nothing.
    if (quantity < 0 && !inconsistencies.some((one) => one.root === root)) {
      const detail = `the priced parts of ${rate.field} are more than ${whole}`;
      inconsistencies.push({ root, detail });
    }
    charged.set(rate.field, quantity);
    charges.push({ rate, quantity });
  }
  const broken = new Set(inconsistencies.map(({ root }) => root));
  return {
    charges: charges.filter(({ rate }) => !broken.has(rootOf(rate.field))).toReversed(),
    inconsistencies,
  };
}

/** Cached parts of a modality that have no price of their own while both wholes have one: which of the two holds, nobody says. */
function undividedOverlaps({ fields }: RateCard, usage: UsageVector): Inconsistency[] {
  const found: Inconsistency[] = [];
  for (const [name, modality] of Object.entries(CACHED_MODALITIES)) {
    const part = name as UsageField;
    if (usage[part] !== undefined || fields.has(part)) continue;
    if (!fields.has(modality) || !fields.has('cache_read_tokens')) continue;
    const overlap = inferOverlap(part, modality, usage);
    if (typeof overlap !== 'number') found.push(overlap);
    else if (overlap > 0)
      found.push({ root: 'input_tokens', detail: `${part} is ${overlap}, and has no price` });
  }
  return found;
}

function countOf(field: UsageField, usage: UsageVector): number | Inconsistency {
  const reported = usage[field];
  if (reported !== undefined) return reported;
  // Prices for calls are asked for each call, and an event that says nothing else is one call.
  if (field === 'requests') return 1;
  const modality = CACHED_MODALITIES[field];
  return modality === undefined ? 0 : inferOverlap(field, modality, usage);
}

/** The cached part of a modality when it was not reported: the only number that fits, else a contradiction. */
function inferOverlap(
  field: UsageField,
  modality: UsageField,
  usage: UsageVector,
): number | Inconsistency {
  const cached = usage.cache_read_tokens ?? 0;
  const ofModality = usage[modality] ?? 0;
  let otherCached = 0;
  for (const other of Object.keys(CACHED_MODALITIES) as UsageField[])
    otherCached += usage[other] ?? 0;
  const most = Math.min(cached - otherCached, ofModality);
  const least = Math.max(0, cached + ofModality - (usage.input_tokens ?? 0));
  if (most === least) return most;
  const detail = `${field} is needed: it may be ${least} to ${most}, at different prices`;
  return { root: 'input_tokens', detail };
}
