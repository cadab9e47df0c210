import { type ModelInfo, type Provider } from '@pydantic/genai-prices';
import { compileMatch, type TextTest } from './match-logic.js';
import { providerNameOf } from './provider-name.js';

interface ListedProvider {
  id: string;
  named: TextTest;
  /** Whether a model's name alone points to this provider; null where it never does. */
  makes: TextTest | null;
  models: { info: ModelInfo; named: TextTest }[];
  fallbacks: readonly string[];
}

/** A model's entry, or which of the two names led nowhere and why. */
export type CatalogueEntry =
  | { provider: string; model: ModelInfo }
  | { reason: 'unknown_provider' | 'unknown_model'; detail: string };

const COMPACT_DATE = /-(20\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=-|:|$)/g;

/** The price data's table of providers and models, with its own matching rules. No name is guessed. */
export class PriceCatalogue {
  private readonly providers: ListedProvider[];
  private readonly byId: Map<string, ListedProvider>;

  constructor(data: readonly Provider[]) {
    this.providers = data.map((provider) => ({
      id: provider.id,
      named: provider.provider_match ? compileMatch(provider.provider_match) : () => false,
      makes: provider.model_match ? compileMatch(provider.model_match) : null,
      models: provider.models.map((info) => ({ info, named: compileMatch(info.match) })),
      fallbacks: provider.fallback_model_providers ?? [],
    }));
    this.byId = new Map(this.providers.map((provider) => [provider.id, provider]));
  }

  /** The provider's id in the price data, or its normalised name where the data does not list it. */
  providerIdOf(reported: string): string {
    const name = providerNameOf(reported);
    return this.byId.has(name)
      ? name
      : (this.providers.find((listed) => listed.named(name))?.id ?? name);
  }

  /** The only provider that a model's name points to; none or several give null. */
  providerIdOfModel(model: string): string | null {
    const text = model.trim().toLowerCase();
    const makers = this.providers.filter((listed) => listed.makes?.(text));
    return makers.length === 1 ? makers[0]!.id : null;
  }

  /** The entry of a model at a provider, falling back where the data says that a platform asks the maker's price. */
  find(providerId: string, model: string): CatalogueEntry {
    const provider = this.byId.get(providerId);
    if (!provider) {
      return { reason: 'unknown_provider', detail: `no prices for provider ${providerId}` };
    }
    const text = model.trim().toLowerCase();
    const dashed = text.replace(COMPACT_DATE, dashedDate);
    return (
      this.findIn(provider, text) ??
      (dashed === text ? undefined : this.findIn(provider, dashed)) ?? {
        reason: 'unknown_model',
        detail: `no price for model ${model} at provider ${providerId}`,
      }
    );
  }

  private findIn(provider: ListedProvider, text: string): CatalogueEntry | undefined {
    for (const listed of [provider, ...provider.fallbacks.map((id) => this.byId.get(id))]) {
      const model = listed?.models.find(({ named }) => named(text));
      if (listed && model) return { provider: listed.id, model: model.info };
    }
    return undefined;
  }
}

/** `-20250514` as `-2025-05-14`, where that is a day of the calendar: the data lists some models in one form only. */
function dashedDate(written: string, year: string, month: string, day: string): string {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = date.getUTCMonth() === Number(month) - 1;
  return exists ? `-${year}-${month}-${day}` : written;
}
