import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions } from 'fastify';
import { answerBrokenRequest, answerUnroutable } from './broken-request.js';
import { requestIdOf } from './request-id.js';

export interface HttpLimits {
  /** From the first byte of a request to its last: a slower one is answered 408. */
  requestTimeoutMs: number;
  /** Open at once; one more is not taken. */
  connectionsMax: number;
  /** Content types that a body may come in; other bodies are answered 415. */
  accepts: RegExp;
  routerOptions?: FastifyHttpOptions<Server>['routerOptions'];
}

const CONNECTIONS_CHECK_MS = 500;

/** On every answer. What is asked with a key is meant for nobody else, so no cache keeps it. */
const ANSWER_HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

/**
 * How every HTTP app of ours listens: bounded time and connections, our request ids, our errors also where no route is
 * reached. Bodies are handed over unread: whoever may have one reads it by `readBody`, after the guards have let it in.
 */
export class HttpAdapter extends FastifyAdapter {
  constructor(private readonly limits: HttpLimits) {
    super(optionsOf(limits));
    const fastify = this.getInstance();
    fastify.addHook('onRequest', (request, reply, done) => {
      void reply.header('x-request-id', request.id).headers(ANSWER_HEADERS);
      done();
    });
    const { server } = fastify;
    server.maxConnections = limits.connectionsMax;
    // Node would say 100 by itself: the caller is told to send its body by whoever reads it.
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) =>
      server.emit('request', request, response),
    );
  }

  override registerParserMiddleware(): void {
    const fastify = this.getInstance();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser(this.limits.accepts, (_request, body, done) => done(null, body));
  }
}

function optionsOf({ requestTimeoutMs, routerOptions }: HttpLimits): FastifyHttpOptions<Server> {
  return {
    requestTimeout: requestTimeoutMs,
    genReqId: requestIdOf,
    // Node exchanges the two limits when that of the headers is the larger one, as its default of 60 s would be.
    http: {
      connectionsCheckingInterval: CONNECTIONS_CHECK_MS,
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
    },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: answerUnroutable,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1024, ...routerOptions },
  };
}
