import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import kafkajs from 'kafkajs';

/** The fastest level that still finds the repetition between events. */
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Synchronous on purpose: at our record sizes a hop through the thread pool costs more than the compression. */
const codec = {
  compress: (encoded: { buffer: Buffer }) =>
    Promise.resolve(zstdCompressSync(encoded.buffer, FASTEST)),
  decompress: (compressed: Buffer) => Promise.resolve(zstdDecompressSync(compressed)),
};

/** kafkajs knows only gzip by itself; every process that reads or writes must call this first. */
export function registerZstd(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.ZSTD] = () => codec;
}

/** A call costs 18 µs before its first byte: below this mean size, compressing costs more than it saves. */
const RECORD_BYTES_MIN = 4_096;

/** How to compress a request with these records. */
export function compressionFor(values: readonly { length: number }[]): number {
  const bytes = values.reduce((sum, { length }) => sum + length, 0);
  return bytes >= RECORD_BYTES_MIN * values.length
    ? kafkajs.CompressionTypes.ZSTD
    : kafkajs.CompressionTypes.None;
}
