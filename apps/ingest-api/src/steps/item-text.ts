import { type BrokenBound, type JsonBounds, scanJson } from '#http';
import type { Refusal } from './reading.js';

/** More than any event has, with every field, tag and property; depth is counted from the item itself. */
export const ITEM_BOUNDS: JsonBounds = { entriesMax: 256, depthMax: 8 };

/** More than an event can need with every character written as an escape. Of a longer one nobody looks for the end. */
export const ITEM_BYTES_MAX = 1024 * 1024;

/** Where an item lies in its body, and which bound it breaks: such an item is never parsed. */
export interface ItemText {
  start: number;
  end: number;
  broken: BrokenBound | null;
}

/** An item that could not be read; its neighbours can. */
export class UnreadableItem {
  constructor(
    readonly code: BrokenBound | 'malformed_json',
    readonly message: string,
  ) {}

  get refusal(): Refusal {
    return { code: this.code, message: this.message, field: null };
  }
}

const MESSAGES: Record<BrokenBound, string> = {
  too_deep: `nested deeper than ${ITEM_BOUNDS.depthMax}`,
  too_many_entries: `has more than ${ITEM_BOUNDS.entriesMax} entries in its lists and objects`,
};

/** Null for an item that goes on for more than `ITEM_BYTES_MAX`. */
export function measureItem(bytes: Buffer, start: number, end: number): ItemText | null {
  const scanned = scanJson(bytes, start, Math.min(end, start + ITEM_BYTES_MAX + 1), ITEM_BOUNDS);
  if (scanned.end - start > ITEM_BYTES_MAX) return null;
  return { start, end: scanned.end, broken: scanned.broken };
}

/** @param encoding `latin1` where all bytes of the body are ASCII: they are copied, not decoded. */
export function parseItem(
  bytes: Buffer,
  { start, end, broken }: ItemText,
  encoding: 'latin1' | 'utf8',
): unknown {
  if (broken !== null) return new UnreadableItem(broken, MESSAGES[broken]);
  try {
    return JSON.parse(bytes.toString(encoding, start, end));
  } catch (error) {
    return new UnreadableItem('malformed_json', `this is not JSON: ${String(error)}`);
  }
}
