import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Refusal } from './reading.js';

const unzip = promisify(gunzip);

/** The bytes of a body without their `Content-Encoding`. Refused as soon as more than `bytesMax` come out. */
export async function unpackBody(
  body: Buffer,
  encoding: string | undefined,
  bytesMax: number,
): Promise<Buffer | Refusal> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding.toLowerCase() !== 'gzip')
    return refused('unsupported_encoding', 'Content-Encoding may be gzip or left out');
  try {
    return await unzip(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError)
      return refused('body_too_large', `the body unpacks to more than ${bytesMax} bytes`);
    return refused('malformed_gzip', 'the body is not complete, valid gzip');
  }
}

function refused(code: string, message: string): Refusal {
  return { code, message, field: null };
}
