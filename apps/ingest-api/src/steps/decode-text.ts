import { isAscii, isUtf8 } from 'node:buffer';

/** The bytes as text, or null when they are not UTF-8. Plain ASCII, the usual case, is copied and not decoded. */
export function decodeText(bytes: Buffer): string | null {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : null;
}
