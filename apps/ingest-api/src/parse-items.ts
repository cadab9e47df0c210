import { isAscii } from 'node:buffer';
import type { LoopSlices } from './loop-slices.js';
import { parseItem, UnreadableItem } from './steps/item-text.js';
import { isRefusal, type Refusal } from './steps/reading.js';
import { type SplitBody, splitJson, splitLines } from './steps/split-items.js';

/**
 * The items of a body, parsed in slices; refused when the body as a whole cannot be read.
 * A list is JSON when its frame and each of its parts are.
 */
export async function parseItems(
  bytes: Buffer,
  contentType: 'json' | 'lines',
  slices: LoopSlices,
): Promise<SplitBody | Refusal> {
  if (slices.isOver) await slices.next();
  const split = contentType === 'lines' ? splitLines(bytes) : splitJson(bytes);
  if (isRefusal(split) || 'items' in split) return split;
  const encoding = isAscii(bytes) ? 'latin1' : 'utf8';
  const items: unknown[] = [];
  for (const text of split.texts) {
    if (isRefusal(text)) return text;
    if (slices.isOver) await slices.next();
    const item = parseItem(bytes, text, encoding);
    if (split.each === 'part' && item instanceof UnreadableItem && item.code === 'malformed_json')
      return item.refusal;
    items.push(item);
  }
  return { items, single: false };
}
