import { USAGE_PARENTS, type UsageField } from '#contracts';

/** What a price is for: so many dollars for `per` of one usage count. */
export interface PriceUnit {
  field: UsageField;
  per: number;
}

const TOKENS = 1_000_000;
const THOUSAND = 1_000;
const HOUR_IN_SECONDS = 3_600;

/**
 * The price data's key of every usage count that it can price. Its other keys stand for counts that the usage
 * vector does not have, so nothing can be charged by them. `images` has no price in the data.
 */
const PRICE_UNITS: Readonly<Record<string, PriceUnit>> = {
  input_mtok: { field: 'input_tokens', per: TOKENS },
  cache_read_mtok: { field: 'cache_read_tokens', per: TOKENS },
  cache_write_mtok: { field: 'cache_write_tokens', per: TOKENS },
  cache_write_5m_mtok: { field: 'cache_write_5m_tokens', per: TOKENS },
  cache_write_1h_mtok: { field: 'cache_write_1h_tokens', per: TOKENS },
  input_text_mtok: { field: 'input_text_tokens', per: TOKENS },
  input_audio_mtok: { field: 'input_audio_tokens', per: TOKENS },
  input_image_mtok: { field: 'input_image_tokens', per: TOKENS },
  input_video_mtok: { field: 'input_video_tokens', per: TOKENS },
  cache_text_read_mtok: { field: 'cache_text_read_tokens', per: TOKENS },
  cache_audio_read_mtok: { field: 'cache_audio_read_tokens', per: TOKENS },
  cache_image_read_mtok: { field: 'cache_image_read_tokens', per: TOKENS },
  cache_video_read_mtok: { field: 'cache_video_read_tokens', per: TOKENS },
  input_tool_mtok: { field: 'input_tool_tokens', per: TOKENS },
  output_mtok: { field: 'output_tokens', per: TOKENS },
  output_reasoning_mtok: { field: 'output_reasoning_tokens', per: TOKENS },
  output_text_mtok: { field: 'output_text_tokens', per: TOKENS },
  output_audio_mtok: { field: 'output_audio_tokens', per: TOKENS },
  output_image_mtok: { field: 'output_image_tokens', per: TOKENS },
  output_video_mtok: { field: 'output_video_tokens', per: TOKENS },
  output_citation_mtok: { field: 'output_citation_tokens', per: TOKENS },
  requests_kcount: { field: 'requests', per: THOUSAND },
  web_searches_kcount: { field: 'web_searches', per: THOUSAND },
  storage_searches_kcount: { field: 'storage_searches', per: THOUSAND },
  code_executions_kcount: { field: 'code_executions', per: THOUSAND },
  rerank_searches_kcount: { field: 'rerank_searches', per: THOUSAND },
  audio_hours: { field: 'audio_seconds', per: HOUR_IN_SECONDS },
  input_document_kpages: { field: 'input_document_pages', per: THOUSAND },
  input_annotated_document_kpages: { field: 'input_annotated_document_pages', per: THOUSAND },
  input_mchars: { field: 'input_characters', per: 1_000_000 },
  input_gpixels: { field: 'input_pixels', per: 1_000_000_000 },
};

/** The unit of a price key; null for a key that prices nothing in the usage vector. */
export function priceUnitOf(priceKey: string): PriceUnit | null {
  return Object.hasOwn(PRICE_UNITS, priceKey) ? PRICE_UNITS[priceKey]! : null;
}

/** Every count that contains this one, directly or through another. */
export function ancestorsOf(field: UsageField): ReadonlySet<UsageField> {
  return ANCESTORS.get(field) ?? new Set();
}

const ANCESTORS = new Map(
  (Object.keys(USAGE_PARENTS) as UsageField[]).map((field) => [field, collectAncestors(field)]),
);

function collectAncestors(field: UsageField): Set<UsageField> {
  const parents: readonly UsageField[] = USAGE_PARENTS[field];
  return new Set(parents.flatMap((parent) => [parent, ...collectAncestors(parent)]));
}
