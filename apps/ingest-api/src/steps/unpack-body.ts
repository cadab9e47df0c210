import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ApiError } from '#http';

const unzip = promisify(gunzip);

/**
 * The bytes of a body without their `Content-Encoding`.
 * @throws ApiError 413 as soon as more than `bytesMax` come out, 400 for what is not gzip, 415 for another encoding.
 */
export async function unpackBody(
  body: Buffer,
  encoding: string | undefined,
  bytesMax: number,
): Promise<Buffer> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding.toLowerCase() !== 'gzip')
    throw new ApiError(415, 'unsupported_encoding', 'Content-Encoding may be gzip or left out');
  try {
    return await unzip(body, { maxOutputLength: bytesMax });
  } catch (error) {
    if (error instanceof RangeError)
      throw new ApiError(413, 'body_too_large', `the body unpacks to more than ${bytesMax} bytes`);
    throw new ApiError(400, 'malformed_gzip', 'the body is not complete, valid gzip');
  }
}
