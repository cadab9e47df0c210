import { hash } from 'node:crypto';
import { canonicalJson } from '#contracts';
import { type WrittenPrice } from './exact-price.js';
import { priceUnitOf } from './price-units.js';
import { type RateCard, rateCardOf } from './rate-card.js';

/** Models whose prices replace or extend the packaged data. Prices are decimal strings under the data's own keys. */
export interface PriceOverrides {
  models: { provider: string; model: string; prices: Record<string, WrittenPrice> }[];
}

/**
 * Reads overrides from parsed JSON.
 * @throws Error naming the entry and what is wrong with it: wrong prices must not start.
 */
export function readOverrides(
  overrides: PriceOverrides,
  providerIdOf: (reported: string) => string,
): Map<string, RateCard> {
  if (!Array.isArray(overrides.models)) throw new Error('price overrides: "models" is no list');
  return new Map(
    overrides.models.map(({ provider, model, prices }, index) => {
      try {
        const unknown = Object.keys(prices).filter((key) => priceUnitOf(key) === null);
        if (unknown.length > 0) throw new Error(`unknown price ${unknown.join(', ')}`);
        return [overrideKey(providerIdOf(provider), model), rateCardOf(prices)];
      } catch (error) {
        const fault = error instanceof Error ? error.message : String(error);
        throw new Error(`price overrides: models[${index}] (${provider} ${model}): ${fault}`, {
          cause: error,
        });
      }
    }),
  );
}

export function overrideKey(providerId: string, model: string): string {
  return `${providerId}\0${model.trim().toLowerCase()}`;
}

/** Twelve hex digits that change with any content. */
export function overridesDigest(overrides: PriceOverrides): string {
  return hash('sha256', canonicalJson(overrides), 'hex').slice(0, 12);
}
