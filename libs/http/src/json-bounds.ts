/** What a JSON value may hold before anything walks it. */
export interface JsonBounds {
  /** Of all its lists and objects together. */
  entriesMax: number;
  /** Of lists and objects in one another, itself included. */
  depthMax: number;
}

export type BrokenBound = 'too_deep' | 'too_many_entries';

/** Where a value ends, and which bound it breaks; the first one counts. */
export interface ScannedValue {
  end: number;
  entries: number;
  broken: BrokenBound | null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Measures the JSON value at `start` in one pass over its bytes, without building anything. It ends at the comma or the
 * bracket behind it, or at `end`. Only brackets, commas and strings are looked at: what is no JSON is left to `JSON.parse`,
 * which then meets nothing that breaks the bounds.
 */
export function scanJson(
  bytes: Uint8Array,
  start: number,
  end: number,
  { entriesMax, depthMax }: JsonBounds,
): ScannedValue {
  let depth = 0;
  let entries = 0;
  let broken: BrokenBound | null = null;
  let at = start;
  for (; at < end; at += 1) {
    const byte = bytes[at]!;
    // Most of a text is neither a bracket nor a comma nor a quote.
    if (byte > CLOSE_LIST && byte !== OPEN_OBJECT && byte !== CLOSE_OBJECT) continue;
    switch (byte) {
      case QUOTE:
        at = closingQuote(bytes, at, end);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        depth += 1;
        entries += 1;
        if (depth > depthMax) broken ??= 'too_deep';
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        if (depth === 0) return { end: at, entries, broken };
        depth -= 1;
        break;
      case COMMA:
        if (depth === 0) return { end: at, entries, broken };
        entries += 1;
        break;
    }
    if (entries > entriesMax) broken ??= 'too_many_entries';
  }
  return { end, entries, broken };
}

/** Where the string that opens at `at` closes, or `end`. */
function closingQuote(bytes: Uint8Array, at: number, end: number): number {
  let next = at + 1;
  while (next < end && bytes[next] !== QUOTE) next += bytes[next] === BACKSLASH ? 2 : 1;
  return Math.min(next, end);
}
