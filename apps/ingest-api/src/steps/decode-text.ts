import { isAscii, isUtf8 } from 'node:buffer';
import type { Refusal } from './reading.js';

/** The bytes as text. Plain ASCII, the usual case, is copied and not decoded. */
export function decodeText(bytes: Buffer): string | Refusal {
  if (isAscii(bytes)) return bytes.toString('latin1');
  if (isUtf8(bytes)) return bytes.toString('utf8');
  return { code: 'invalid_utf8', message: 'the body is not UTF-8', field: null };
}
