import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** A record as it travels: its value as the header `encoding` says, plain without one. */
export interface EncodedRecord {
  headers: Record<string, string>;
  value: Buffer;
}

const ENCODING_HEADER = 'encoding';
const ZSTD = 'zstd';
/** A call costs 18 µs before its first byte: below this size compressing costs more than it saves. */
const PLAIN_BYTES_MAX = 4_096;
/** The fastest level that still finds the repetition between events. */
const FASTEST = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Far above what a writer accepts, far below what would exhaust a reader. */
const DECODED = { maxOutputLength: 64 * 1024 * 1024 };

/**
 * Compresses the value of one record. The value rather than Kafka's batch: kafkajs copies a batch seven times on its
 * way to the socket, and the broker unpacks a compressed batch to check it; both then handle a fifth of the bytes.
 */
export function encodeRecord({ headers, value }: EncodedRecord): EncodedRecord {
  if (value.length <= PLAIN_BYTES_MAX) return { headers, value };
  return {
    headers: { ...headers, [ENCODING_HEADER]: ZSTD },
    value: zstdCompressSync(value, FASTEST),
  };
}

/** A record with its value as its writer gave it. One that cannot be decoded stays as it is, header included: its reader sets it aside. */
export function decodeRecord<T extends EncodedRecord>(record: T): T {
  const { [ENCODING_HEADER]: encoding, ...headers } = record.headers;
  if (encoding !== ZSTD) return record;
  try {
    return { ...record, headers, value: zstdDecompressSync(record.value, DECODED) };
  } catch {
    return record;
  }
}
