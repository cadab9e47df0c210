import { createGunzip } from 'node:zlib';
import type { Refusal } from './reading.js';
import { refuseUnrecorded, TOO_MANY_EVENTS } from './refuse-request.js';

/** Small enough that no piece keeps anybody waiting, large enough that few are needed. */
const PIECE_BYTES = 64 * 1024;

export interface UnpackingBounds {
  bytesMax: number;
  linesMax: number;
  /** Whether there is room for so many bytes more. */
  hold: (bytes: number) => boolean;
}

/**
 * The bytes of a body without their `Content-Encoding`, unpacked piece by piece beside the main loop. Refused as soon as more
 * than `bytesMax` come out, or more lines than `linesMax` that are not empty.
 */
export async function unpackBody(
  body: Buffer,
  encoding: string | undefined,
  { bytesMax, linesMax, hold }: UnpackingBounds,
): Promise<Buffer | Refusal> {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding.toLowerCase() !== 'gzip')
    return refused('unsupported_encoding', 'Content-Encoding may be gzip or left out');
  const pieces: Buffer[] = [];
  const lines = new LineCount();
  let size = 0;
  const unpacking = createGunzip({ chunkSize: PIECE_BYTES });
  unpacking.end(body);
  try {
    for await (const piece of unpacking as AsyncIterable<Buffer>) {
      size += piece.length;
      if (size > bytesMax)
        return refused('body_too_large', `the body unpacks to more than ${bytesMax} bytes`);
      if (!hold(piece.length)) return refuseUnrecorded('overloaded');
      if (linesMax < Infinity && lines.add(piece) > linesMax) return TOO_MANY_EVENTS;
      pieces.push(piece);
    }
  } catch {
    return refused('malformed_gzip', 'the body is not complete, valid gzip');
  }
  return Buffer.concat(pieces, size);
}

const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** How many lines hold more than space, over all pieces so far. */
class LineCount {
  private count = 0;
  private isInside = false;

  add(piece: Buffer): number {
    for (const byte of piece) {
      if (byte === LINE_FEED) this.isInside = false;
      else if (byte > SPACE && !this.isInside) {
        this.isInside = true;
        this.count += 1;
      }
    }
    return this.count;
  }
}

function refused(code: string, message: string): Refusal {
  return { code, message, field: null };
}
