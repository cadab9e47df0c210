/**
 * Pieces of JSON, checked on the bytes. Each function takes the position of a value and returns the one behind it, or
 * -1 where it does not vouch for what stands there. All of them are given ASCII.
 */
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const DELETE = 0x7f;
const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;

/** More digits may lie above 2^53 - 1. */
const DIGITS_MAX = 15;

export function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  while (isSpace(bytes[next])) next += 1;
  return next;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** A string without escapes and control characters of at most `lengthMax`. */
export function scanString(bytes: Buffer, at: number, lengthMax: number): number {
  if (bytes[at] !== QUOTE) return -1;
  const last = Math.min(bytes.length - 1, at + 1 + lengthMax);
  for (let next = at + 1; next <= last; next += 1) {
    const byte = bytes[next]!;
    if (byte === QUOTE) return next + 1;
    if (byte < 0x20 || byte === BACKSLASH || byte === DELETE) return -1;
  }
  return -1;
}

/** A whole number that is not negative. */
export function scanWhole(bytes: Buffer, at: number): number {
  let next = at;
  while (next < bytes.length && isDigit(bytes[next]!)) next += 1;
  const digits = next - at;
  if (digits === 0 || digits > DIGITS_MAX) return -1;
  if (digits > 1 && bytes[at] === ZERO) return -1;
  const behind = bytes[next];
  // A fraction or an exponent goes on: another number than the digits so far.
  return behind === POINT || behind === 0x65 || behind === 0x45 ? -1 : next;
}

/** A decimal number that is not negative, without an exponent. */
export function scanDecimal(bytes: Buffer, at: number): number {
  let next = at;
  while (next < bytes.length && isDigit(bytes[next]!)) next += 1;
  if (next === at || next - at > DIGITS_MAX) return -1;
  if (next - at > 1 && bytes[at] === ZERO) return -1;
  if (bytes[next] === POINT) {
    const point = next;
    next += 1;
    while (next < bytes.length && isDigit(bytes[next]!)) next += 1;
    if (next === point + 1 || next - point > DIGITS_MAX) return -1;
  }
  return bytes[next] === 0x65 || bytes[next] === 0x45 ? -1 : next;
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');

export function scanBoolean(bytes: Buffer, at: number): number {
  const word = bytes[at] === 0x74 ? TRUE : FALSE;
  return scanWord(bytes, at, word);
}

/** Exactly these bytes. */
export function scanWord(bytes: Buffer, at: number, word: Buffer): number {
  for (let offset = 0; offset < word.length; offset += 1) {
    if (bytes[at + offset] !== word[offset]) return -1;
  }
  return at + word.length;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}
