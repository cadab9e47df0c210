import { promisify } from 'node:util';
import { brotliCompress, constants, deflate, gzip, zstdCompress } from 'node:zlib';

/** Quality 4, as brotli's own default takes seconds for a megabyte. */
const brotli = (body: Buffer): Promise<Buffer> =>
  promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });

const COMPRESSORS: ReadonlyMap<string, (body: Buffer) => Promise<Buffer>> = new Map([
  ['br', brotli],
  ['zstd', (body) => promisify(zstdCompress)(body)],
  ['gzip', (body) => promisify(gzip)(body, { level: 3 })],
  ['deflate', (body) => promisify(deflate)(body)],
]);

export interface EncodedBody {
  body: Buffer;
  encoding: string | undefined;
}

/**
 * Compresses an answer when the client accepts it and asks for it by `enable_http_compression=1`, as on a server.
 *
 * @param accepted the Accept-Encoding header
 */
export async function encodeBody(
  body: Buffer,
  accepted: string | undefined,
  enabled: boolean,
): Promise<EncodedBody> {
  const names = (accepted ?? '').split(',').map((name) => name.split(';')[0]?.trim() ?? '');
  const encoding = enabled
    ? [...COMPRESSORS.keys()].find((name) => names.includes(name))
    : undefined;
  const compress = encoding === undefined ? undefined : COMPRESSORS.get(encoding);
  return compress === undefined
    ? { body, encoding: undefined }
    : { body: await compress(body), encoding };
}
