import { type Provider, waitForUpdate } from '@pydantic/genai-prices';
import { LRUCache } from 'lru-cache';
import { type Cost, type UnpricedReason, type UsageVector } from '#contracts';
import { dearerRegionsOf, type RegionTest } from './dearer-regions.js';
import { PriceCatalogue } from './price-catalogue.js';
import { epochAt, type PriceEpoch, priceEpochsOf } from './price-epochs.js';
import {
  overrideKey,
  overridesDigest,
  type PriceOverrides,
  readOverrides,
} from './price-overrides.js';
import { type RateCard } from './rate-card.js';
import { rateUsage, unpriced } from './rate-usage.js';

/** Raise it with every change of a rule in this library: what was priced before keeps its own number. */
export const RATING_VERSION = 'rating-2';
/** The pinned package; a test compares it with what is installed. */
export const PRICE_DATA_VERSION = 'genai-prices-0.1.8';

const RESOLVED_MODELS_MAX = 5_000;

/** Tiers of service that the list price is for. `auto` leaves the choice to the provider, as saying nothing does. */
const LIST_PRICE_TIERS = new Set(['standard', 'default', 'auto', 'on_demand']);

export interface RatingRequest {
  provider: string | null;
  model: string | null;
  usage: UsageVector | undefined;
  /** When the call was made: it alone decides between prices of different dates. */
  eventTimeMs: number;
  serviceTier: string | null;
  batch: boolean | null;
  /** Where the call was served. */
  region: string | null;
}

/** A model's prices at all times, or why there are none. */
type ResolvedModel =
  | { provider: string; model: string; epochs: PriceEpoch[]; isDearerIn: RegionTest }
  | { reason: UnpricedReason; detail: string };

/** Exact prices of models. Equal requests to books of equal version give equal costs, byte for byte. */
export class PriceBook {
  readonly version: string;
  private readonly catalogue: PriceCatalogue;
  private readonly overrides: Map<string, RateCard>;
  private readonly resolved = new LRUCache<string, ResolvedModel>({ max: RESOLVED_MODELS_MAX });

  /** @throws Error when the overrides are wrong. */
  constructor(data: readonly Provider[], overrides?: PriceOverrides) {
    this.catalogue = new PriceCatalogue(data);
    this.overrides = overrides
      ? readOverrides(overrides, (reported) => this.catalogue.providerIdOf(reported))
      : new Map();
    const dataVersion = overrides
      ? `${PRICE_DATA_VERSION}+overrides-${overridesDigest(overrides)}`
      : PRICE_DATA_VERSION;
    this.version = `${dataVersion}/${RATING_VERSION}`;
  }

  /** Never throws: what can't be priced is a cost without an amount, with its reason. */
  rateUsage(request: RatingRequest): Cost {
    const { provider, model, usage, eventTimeMs } = request;
    if (!usage || Object.values(usage).every((count) => count === undefined)) {
      return unpriced('no_usage', 'the event reports no usage', this.version);
    }
    const key = `${provider ?? ''}\0${model ?? ''}`;
    let resolved = this.resolved.get(key);
    if (!resolved) {
      resolved = this.resolve(provider, model);
      this.resolved.set(key, resolved);
    }
    if ('reason' in resolved) return unpriced(resolved.reason, resolved.detail, this.version);
    const variant = reportedVariant(request, resolved.isDearerIn);
    if (variant) return unpriced('no_variant', `no price for ${variant}`, this.version);
    return rateUsage(
      epochAt(resolved.epochs, eventTimeMs).card,
      applyMinimums(resolved.provider, resolved.model, usage),
      this.version,
    );
  }

  private resolve(reportedProvider: string | null, model: string | null): ResolvedModel {
    if (!model) return { reason: 'unknown_model', detail: 'the event names no model' };
    const provider = reportedProvider
      ? this.catalogue.providerIdOf(reportedProvider)
      : this.catalogue.providerIdOfModel(model);
    if (provider === null) {
      const detail = `the event names no provider, and ${model} does not point to exactly one`;
      return { reason: 'unknown_provider', detail };
    }
    const override = this.overrides.get(overrideKey(provider, model));
    if (override) {
      const epochs = [{ holds: () => true, card: override }];
      // Whoever sets a price sets it for the regions in use.
      return { provider, model, epochs, isDearerIn: () => false };
    }
    const entry = this.catalogue.find(provider, model);
    if ('reason' in entry) return entry;
    try {
      const epochs = priceEpochsOf(entry.model);
      const isDearerIn = dearerRegionsOf(provider, model);
      return { provider: entry.provider, model: entry.model.id, epochs, isDearerIn };
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      const detail = `the price data of ${entry.provider} ${entry.model.id} is wrong: ${fault}`;
      return { reason: 'price_error', detail };
    }
  }
}

/** A price book over the packaged data; the package gives its table out through its update hook and fetches nothing. */
export async function createPriceBook(overrides?: PriceOverrides): Promise<PriceBook> {
  const data = await waitForUpdate();
  if (data === null) throw new Error('the price data is missing');
  return new PriceBook(data, overrides);
}

/** What the event says it was served as, when that is not what the list price is for. */
function reportedVariant(
  { serviceTier, batch, region, eventTimeMs }: RatingRequest,
  isDearerIn: RegionTest,
): string | null {
  if (batch) return 'batch processing';
  const tier = serviceTier?.trim().toLowerCase();
  if (tier && !LIST_PRICE_TIERS.has(tier)) return `service tier ${tier}`;
  const place = region?.trim().toLowerCase();
  return place && isDearerIn(place, eventTimeMs) ? `region ${place}, which costs more` : null;
}

/** Groq asks for ten seconds of audio at least; the price data keeps this in its calculator, not in its table. */
const GROQ_AUDIO_SECONDS_MIN = 10;
const GROQ_MODELS = new Set(['whisper-large-v3', 'whisper-large-v3-turbo']);

/** The usage that a provider charges for when less was used. Nothing used stays nothing. */
function applyMinimums(provider: string, model: string, usage: UsageVector): UsageVector {
  const seconds = usage.audio_seconds ?? 0;
  const applies = provider === 'groq' && GROQ_MODELS.has(model);
  if (!applies || seconds <= 0 || seconds >= GROQ_AUDIO_SECONDS_MIN) return usage;
  return { ...usage, audio_seconds: GROQ_AUDIO_SECONDS_MIN };
}
