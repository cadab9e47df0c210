import { type UsageField, type UsageVector } from '#contracts';
import { ancestorsOf } from './price-units.js';

/** A contradiction among the counts, and the total that it makes unusable. */
export interface Inconsistency {
  root: UsageField;
  detail: string;
}

/** Parts that exclude one another, so that together they fit into what contains them. */
const EXCLUSIVE_PARTS: readonly { whole: UsageField; parts: readonly UsageField[] }[] = [
  { whole: 'input_tokens', parts: ['cache_read_tokens', 'cache_write_tokens'] },
  {
    whole: 'input_tokens',
    parts: ['input_text_tokens', 'input_audio_tokens', 'input_image_tokens', 'input_video_tokens'],
  },
  { whole: 'input_tokens', parts: ['input_tool_tokens'] },
  { whole: 'cache_write_tokens', parts: ['cache_write_5m_tokens', 'cache_write_1h_tokens'] },
  {
    whole: 'cache_read_tokens',
    parts: [
      'cache_text_read_tokens',
      'cache_audio_read_tokens',
      'cache_image_read_tokens',
      'cache_video_read_tokens',
    ],
  },
  { whole: 'input_text_tokens', parts: ['cache_text_read_tokens'] },
  { whole: 'input_audio_tokens', parts: ['cache_audio_read_tokens'] },
  { whole: 'input_image_tokens', parts: ['cache_image_read_tokens'] },
  { whole: 'input_video_tokens', parts: ['cache_video_read_tokens'] },
  { whole: 'output_tokens', parts: ['output_reasoning_tokens', 'output_citation_tokens'] },
  {
    whole: 'output_tokens',
    parts: [
      'output_text_tokens',
      'output_audio_tokens',
      'output_image_tokens',
      'output_video_tokens',
    ],
  },
  { whole: 'input_document_pages', parts: ['input_annotated_document_pages'] },
];

/**
 * Every contradiction in a vector, whatever the price: a count that is no whole non-negative number, parts that
 * exceed their whole, a part without its whole. Counts are never clamped to make them fit.
 */
export function findInconsistencies(usage: UsageVector): Inconsistency[] {
  const found: Inconsistency[] = [];
  for (const [field, count] of Object.entries(usage) as [UsageField, number | undefined][]) {
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0)) {
      found.push({ root: rootOf(field), detail: `${field} is not a whole, non-negative number` });
    }
  }
  for (const { whole, parts } of EXCLUSIVE_PARTS) {
    let sum = 0;
    for (const part of parts) sum += usage[part] ?? 0;
    // A whole below zero is named already, and no parts at all exceed nothing.
    if (sum > Math.max(0, usage[whole] ?? 0)) found.push(excess(usage, whole, parts, sum));
  }
  return found;
}

/** The total that a count belongs to; itself when it is one. */
export function rootOf(field: UsageField): UsageField {
  for (const ancestor of ancestorsOf(field)) if (ancestorsOf(ancestor).size === 0) return ancestor;
  return field;
}

function excess(
  usage: UsageVector,
  whole: UsageField,
  parts: readonly UsageField[],
  sum: number,
): Inconsistency {
  const reported = parts.filter((part) => (usage[part] ?? 0) > 0).join(' + ');
  const limit = usage[whole] === undefined ? 'is missing' : `is ${usage[whole]}`;
  return { root: rootOf(whole), detail: `${reported} is ${sum} but ${whole} ${limit}` };
}
