import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { errorBody } from './api-error.js';

export interface HttpLimits {
  /** Bytes of a body as it comes over the wire. */
  bodyBytesMax: number;
  /** From the first byte of a request to its last: a slower one is answered 408. */
  requestTimeoutMs: number;
}

const PROCESS_ID = randomBytes(6).toString('hex');
const CONNECTIONS_CHECK_MS = 500;
let requests = 0;

/** Unique among all processes and restarts. */
function nextRequestId(): string {
  requests += 1;
  return `req_${PROCESS_ID}${requests.toString(36).padStart(6, '0')}`;
}

/** How every HTTP app of ours listens: bounded bodies, bounded time, our request ids, our errors also where no route is reached. */
export function httpAdapterOptions(limits: HttpLimits): FastifyHttpOptions<Server> {
  return {
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: limits.requestTimeoutMs,
    genReqId: nextRequestId,
    // Node exchanges the two limits when that of the headers is the larger one, as its default of 60 s would be.
    http: {
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      headersTimeout: limits.requestTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
    },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerUnroutable,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024 },
  };
}

export function httpAdapter(limits: HttpLimits): FastifyAdapter {
  return new FastifyAdapter(httpAdapterOptions(limits));
}

/** A URL that cannot be decoded, or a header that no route understands, reaches no filter. */
function answerUnroutable(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const message = 'the URL or a header of the request cannot be understood';
  void reply
    .code(error.statusCode ?? 400)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(errorBody('malformed_request', message, request.id)));
}

const BROKEN: Record<string, [status: string, code: string, message: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'request_timeout',
    'the request did not arrive in time',
  ],
  HPE_HEADER_OVERFLOW: [
    '431 Request Header Fields Too Large',
    'headers_too_large',
    'the headers are too large',
  ],
};

/** What node's parser refuses or gives up waiting for never becomes a request: the answer is written by hand. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, code, message] = BROKEN[error.code ?? ''] ?? [
    '400 Bad Request',
    'malformed_request',
    'this is not HTTP as we understand it',
  ];
  const body = JSON.stringify(errorBody(code, message, nextRequestId()));
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;
  socket.end(head + body, () => socket.destroy());
}
