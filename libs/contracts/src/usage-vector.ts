/**
 * The counts of one usage event. Totals are inclusive: a part lies inside its parent and is never added to it.
 * The names are the price data's own keys and go through unchanged, from HTTP to ClickHouse.
 */
export const USAGE_PARENTS = {
  input_tokens: [],
  cache_read_tokens: ['input_tokens'],
  cache_write_tokens: ['input_tokens'],
  cache_write_5m_tokens: ['cache_write_tokens'],
  cache_write_1h_tokens: ['cache_write_tokens'],
  input_text_tokens: ['input_tokens'],
  input_audio_tokens: ['input_tokens'],
  input_image_tokens: ['input_tokens'],
  input_video_tokens: ['input_tokens'],
  cache_text_read_tokens: ['cache_read_tokens', 'input_text_tokens'],
  cache_audio_read_tokens: ['cache_read_tokens', 'input_audio_tokens'],
  cache_image_read_tokens: ['cache_read_tokens', 'input_image_tokens'],
  cache_video_read_tokens: ['cache_read_tokens', 'input_video_tokens'],
  input_tool_tokens: ['input_tokens'],
  output_tokens: [],
  output_reasoning_tokens: ['output_tokens'],
  output_text_tokens: ['output_tokens'],
  output_audio_tokens: ['output_tokens'],
  output_image_tokens: ['output_tokens'],
  output_video_tokens: ['output_tokens'],
  output_citation_tokens: ['output_tokens'],
  requests: [],
  web_searches: [],
  storage_searches: [],
  code_executions: [],
  rerank_searches: [],
  audio_seconds: [],
  input_document_pages: [],
  input_annotated_document_pages: ['input_document_pages'],
  input_characters: [],
  input_pixels: [],
  images: [],
} as const satisfies Record<string, readonly string[]>;

export type UsageField = keyof typeof USAGE_PARENTS;

/** Whole, non-negative counts. An absent field was not reported, which is not the same as zero. */
export type UsageVector = Partial<Record<UsageField, number>>;

export const USAGE_FIELDS = Object.keys(USAGE_PARENTS) as UsageField[];
