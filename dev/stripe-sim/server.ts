import { randomBytes } from 'node:crypto';
import { fastify, type FastifyError, type FastifyInstance } from 'fastify';
import { addApiRoutes } from './api-routes.js';
import { ApiError, bodyTooLarge, unknownUrl } from './api-error.js';
import { addControlRoutes } from './control.js';
import { Faults } from './faults.js';
import { RequestLog } from './request-log.js';
import type { Store } from './store.js';

const BODY_BYTES_MAX = 1024 * 1024;

/** The simulator on HTTP. Whoever makes it listens on loopback and closes it; the store stays the caller's. */
export function createSimulator(store: Store): FastifyInstance {
  const app = fastify({
    bodyLimit: BODY_BYTES_MAX,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    genReqId: () => `req_${randomBytes(7).toString('hex')}`,
  });
  const shared = { store, faults: new Faults(), requests: new RequestLog() };
  // Bodies stay text: an idempotency key is compared with what was really sent.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.setReplySerializer((body) => JSON.stringify(body, null, 2));
  app.addHook('onRequest', async ({ id }, reply) => void reply.header('request-id', id));
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    const { status, body } = answerError(error);
    return reply.code(status).send(body);
  });
  app.register(
    async (control) => {
      addControlRoutes(control, shared);
      control.setNotFoundHandler(({ method, url }) => {
        throw unknownUrl(method, url.split('?')[0]!);
      });
    },
    { prefix: '/_sim' },
  );
  app.register(async (api) => addApiRoutes(api, shared));
  return app;
}

function answerError(error: FastifyError): { status: number; body: object } {
  if (error instanceof ApiError) return error;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return bodyTooLarge();
  process.stderr.write(`${error.stack ?? error.message}\n`);
  return {
    status: 500,
    body: { error: { type: 'api_error', message: 'The simulator failed; see its log.' } },
  };
}
