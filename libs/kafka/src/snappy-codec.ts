import kafkajs from 'kafkajs';
import { compressSync, uncompressSync } from 'snappy';

/** Java writers frame snappy: this magic, two int32 versions, then blocks of int32 length and data. */
const FRAME_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00]);
const FRAME_HEADER_BYTES = FRAME_MAGIC.length + 8;

/** Synchronous on purpose: at our record sizes a hop through the thread pool costs more than the compression. */
function compress(encoded: { buffer: Buffer }): Promise<Buffer> {
  return Promise.resolve(compressSync(encoded.buffer));
}

function decompress(compressed: Buffer): Promise<Buffer> {
  return Promise.resolve(
    compressed.subarray(0, FRAME_MAGIC.length).equals(FRAME_MAGIC)
      ? Buffer.concat(frames(compressed).map(decompressBlock))
      : decompressBlock(compressed),
  );
}

function frames(compressed: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  for (let at = FRAME_HEADER_BYTES; at < compressed.length;) {
    const from = at + 4;
    at = from + compressed.readInt32BE(at);
    blocks.push(compressed.subarray(from, at));
  }
  return blocks;
}

function decompressBlock(block: Buffer): Buffer {
  return uncompressSync(block, { asBuffer: true }) as Buffer;
}

/** kafkajs knows only gzip by itself; every process that reads or writes must call this first. */
export function registerSnappy(): void {
  kafkajs.CompressionCodecs[kafkajs.CompressionTypes.Snappy] = () => ({ compress, decompress });
}
