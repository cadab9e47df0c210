import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from './api-error.js';
import type { HeldBodies } from './body-room.js';

/** Why a body was not read to its end; the rest is left unread. */
export type Unread = 'too_large' | 'no_room';

/**
 * The body of a request, read when somebody asks for it: behind the guards, so that what a stranger sends is not kept.
 * Undefined when none came. Short ones that came with their headers take no room: node has read them already.
 * @throws ApiError 400 when the caller went away before its end.
 */
export async function readBody(
  { raw, body, headers }: FastifyRequest,
  reply: FastifyReply,
  { bytesMax, held }: { bytesMax: number; held: HeldBodies },
): Promise<Buffer | undefined | Unread> {
  if (!(body instanceof Readable)) return undefined;
  if (Number(headers['content-length']) > bytesMax) return 'too_large';
  // The usual short body came with its headers: it lies here whole, and nobody has to be told when it has ended.
  if (raw === body && raw.complete) return takeWhole(raw, bytesMax);
  if (isHeldBack(headers)) reply.raw.writeContinue();
  return gather(body, bytesMax, held);
}

function takeWhole(body: Readable, bytesMax: number): Buffer | 'too_large' {
  const bytes = (body.read() as Buffer | null) ?? Buffer.alloc(0);
  return bytes.length > bytesMax ? 'too_large' : bytes;
}

function gather(body: Readable, bytesMax: number, held: HeldBodies): Promise<Buffer | Unread> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const cut = () => {
      // Every body is closed in the end; an error is made of those alone that were not read to theirs.
      if (!body.readableEnded)
        reject(new ApiError(400, 'body_cut', 'the request ended before its body did'));
    };
    body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      const unread = size > bytesMax ? 'too_large' : held.add(chunk.length) ? null : 'no_room';
      if (unread === null) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      body.removeAllListeners('data');
      body.pause();
      resolve(unread);
    });
    body.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size)));
    body.on('error', cut);
    body.on('close', cut);
  });
}

/** What an unread body may have left for the connection to be worth keeping: it is read and thrown away. */
const SKIPPED_BYTES_MAX = 64 * 1024;

/**
 * For an answer that is given before the body was read: says that the connection ends with it, where the body is long or
 * of unknown length, or where the caller waits to be told to send it. Otherwise the rest would be taken for the next request.
 */
export function closeIfUnread({ raw, headers }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete) return;
  const isShort =
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) <= SKIPPED_BYTES_MAX;
  if (!isShort || isHeldBack(headers)) void reply.header('connection', 'close');
}

function isHeldBack({ expect }: FastifyRequest['headers']): boolean {
  return expect?.toLowerCase() === '100-continue';
}
