import { type MatchLogic } from '@pydantic/genai-prices';
import { compileMatch } from './match-logic.js';

interface DearerRegion {
  provider: string;
  models: MatchLogic;
  regions: MatchLogic;
  /** When the provider began to ask more; absent: from the model's first day. */
  from?: string;
}

const NOT_GLOBAL: MatchLogic = { regex: '^(?!global)' };

/** Claude 5 and newer by whatever name: `claude-opus-5`, `claude-5.5-opus`. */
const CLAUDE_FROM_5 = '[a-z]-([5-9]|[1-9]\\d)([-.@]|$)';

/**
 * Where a provider asks more than the list price for the same call, as the providers publish it: ten per cent each. The
 * price data has no such prices, so what was served there has none. Bedrock is not among them: its regions are part
 * of the model's name, and the data lists each.
 */
const DEARER_REGIONS: readonly DearerRegion[] = [
  // `inference_geo: "us"`, of Claude Opus 4.6, Sonnet 4.6 and everything newer.
  {
    provider: 'anthropic',
    models: { and: [{ contains: 'claude' }, { regex: `4[-.][6-9]|${CLAUDE_FROM_5}` }] },
    regions: { equals: 'us' },
  },
  // Regional processing ("data residency"), of GPT-5.4 and everything newer.
  {
    provider: 'openai',
    models: { regex: 'gpt-(5\\.([4-9]|[1-9]\\d)|([6-9]|[12]\\d)([-.]|$))' },
    regions: NOT_GLOBAL,
  },
  // Data zones and single regions, against the global deployments whose price is listed.
  {
    provider: 'azure',
    models: { regex: 'gpt-(4o|4\\.\\d|[5-9]|[12]\\d)|(^|[^a-z])o[1-9]' },
    regions: NOT_GLOBAL,
  },
  // Regional and multi-regional endpoints of Vertex AI, of Claude Sonnet 4.5, Haiku 4.5, Opus 4.5 and everything newer.
  {
    provider: 'google',
    models: { and: [{ contains: 'claude' }, { regex: `4[-.][5-9]|${CLAUDE_FROM_5}` }] },
    regions: NOT_GLOBAL,
  },
  // The same, of Gemini 3 and newer.
  {
    provider: 'google',
    models: { regex: 'gemini-([3-9]|[1-9]\\d)' },
    regions: NOT_GLOBAL,
    from: '2026-07-01T00:00:00Z',
  },
];

/** Says of a region and a moment whether the list price is too low there. */
export type RegionTest = (region: string, eventTimeMs: number) => boolean;

const COMPILED = DEARER_REGIONS.map(({ provider, models, regions, from }) => ({
  provider,
  isOfModel: compileMatch(models),
  isThere: compileMatch(regions),
  fromMs: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from),
}));

/** Where a model is dearer than listed. Regions and models are compared in lower case. */
export function dearerRegionsOf(provider: string, model: string): RegionTest {
  const name = model.trim().toLowerCase();
  const rules = COMPILED.filter((rule) => rule.provider === provider && rule.isOfModel(name));
  return (region, eventTimeMs) =>
    rules.some(({ isThere, fromMs }) => eventTimeMs >= fromMs && isThere(region));
}
