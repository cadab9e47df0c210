import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib';
import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';

const DECOMPRESSORS = {
  gzip: createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

const isKnown = (encoding: string): encoding is keyof typeof DECOMPRESSORS =>
  encoding in DECOMPRESSORS;

/** The client went away before its request was complete; there is nobody to answer. */
export class RequestAborted extends Error {}

/** Names what went wrong while reading, so that a broken upload is not taken for a fault of the engine. */
function readingError(request: IncomingMessage, error: unknown): Error {
  if (error instanceof ClickHouseException) return error;
  if (request.destroyed && !request.complete) return new RequestAborted('request aborted');
  const reason = error instanceof Error ? error.message : String(error);
  return ClickHouseException.of(
    ErrorCode.ZLIB_INFLATE_FAILED,
    `The request body cannot be decompressed: ${reason}.`,
  );
}

/**
 * The request's body, decompressed, in pieces, up to a limit.
 *
 * @param maxBytes the most that may come out of decompression
 * @param whatToDo what the error adds when there is more
 * @throws ClickHouseException 229 above the limit, 354 when it does not decompress, 89 for an encoding nobody knows
 * @throws RequestAborted when the client left
 */
export async function* bodyPieces(
  request: IncomingMessage,
  maxBytes: number,
  whatToDo: string,
): AsyncGenerator<Buffer, void> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity' && !isKnown(encoding))
    throw ClickHouseException.of(
      ErrorCode.UNKNOWN_COMPRESSION_METHOD,
      `Unknown Content-Encoding '${encoding}': use gzip, deflate, br or zstd.`,
    );
  let source: Readable = request;
  if (encoding !== 'identity') {
    const decompressor = DECOMPRESSORS[encoding]();
    request.on('error', (error) => decompressor.destroy(error));
    source = request.pipe(decompressor);
  }
  let bytes = 0;
  try {
    for await (const piece of source.iterator({ destroyOnReturn: source !== request })) {
      bytes += (piece as Buffer).length;
      if (bytes > maxBytes)
        throw ClickHouseException.of(
          ErrorCode.QUERY_IS_TOO_LARGE,
          `The request body is larger than ${maxBytes} bytes: ${whatToDo}.`,
        );
      yield piece as Buffer;
    }
  } catch (error) {
    throw readingError(request, error);
  }
}
