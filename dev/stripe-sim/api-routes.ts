import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, injectedError, unknownUrl } from './api-error.js';
import { answerCall, type ApiRequest, refuseCall } from './api.js';
import { assertAuthorised } from './authorisation.js';
import { customerRoutes } from './customers.js';
import type { Fault, Faults } from './faults.js';
import { Idempotency } from './idempotency.js';
import { invoiceItemRoutes } from './invoice-items.js';
import { invoiceLineRoutes } from './invoice-lines.js';
import { invoiceTransitionRoutes } from './invoice-transitions.js';
import { invoiceRoutes } from './invoices.js';
import { priceRoutes } from './prices.js';
import { productRoutes } from './products.js';
import type { RequestLog } from './request-log.js';
import type { Handle, Route } from './route.js';
import type { Store } from './store.js';
import type { Answer } from './tables.js';

const ROUTES: readonly Route[] = [
  ...customerRoutes,
  ...productRoutes,
  ...priceRoutes,
  ...invoiceRoutes,
  ...invoiceLineRoutes,
  ...invoiceTransitionRoutes,
  ...invoiceItemRoutes,
];

interface Shared {
  store: Store;
  faults: Faults;
  requests: RequestLog;
}

type Delivery = Answer & { replayed?: boolean };

/** The Stripe API: every call is authorised, may be struck by a fault, and is logged as it was answered. */
export function addApiRoutes(app: FastifyInstance, { store, faults, requests }: Shared): void {
  const idempotency = new Idempotency(store);

  async function serve(
    request: FastifyRequest,
    reply: FastifyReply,
    handle: Handle,
  ): Promise<FastifyReply> {
    const call = readCall(request, handle);
    const { method, path } = call;
    const fault = faults.strike(method, path);
    const log = (delivered: Delivery | null): void =>
      requests.add({
        method,
        path,
        idempotency_key: call.idempotencyKey,
        replayed: delivered?.replayed ?? false,
        status: delivered?.status ?? null,
        fault: fault === undefined ? null : `${fault.action} ${fault.when}`,
      });
    try {
      const delivered = await answerWithFault(call, fault);
      log(delivered);
      return deliver(reply, call, delivered, fault);
    } catch (error) {
      if (error instanceof ApiError) log({ status: error.status, body: error.body });
      throw error;
    }
  }

  /** Null when the fault keeps the request from ever arriving. */
  async function answerWithFault(
    call: ApiRequest,
    fault: Fault | undefined,
  ): Promise<Delivery | null> {
    const injected: Answer = {
      status: fault?.status ?? 500,
      body: injectedError(fault?.status ?? 500),
    };
    if (fault?.action === 'status' && fault.when === 'before')
      return refuseCall({ store, idempotency }, call, injected);
    if ((fault?.action === 'hang' || fault?.action === 'reset') && fault.when === 'before')
      return null;
    const running = call.method === 'POST' ? call.idempotencyKey : null;
    if (running !== null) idempotency.begin(running);
    try {
      if (fault?.action === 'delay') await delay(fault.delay_ms);
      return answerCall(
        { store, idempotency },
        call,
        fault?.action === 'status' ? () => injected : undefined,
      );
    } finally {
      if (running !== null) idempotency.end(running);
    }
  }

  app.addHook('preHandler', async ({ headers }) => assertAuthorised(headers.authorization));
  for (const [endpoint, handle] of ROUTES) {
    const [method = '', url = ''] = endpoint.split(' ');
    app.route({ method, url, handler: (request, reply) => serve(request, reply, handle) });
  }
  app.setNotFoundHandler((request, reply) =>
    serve(request, reply, () => {
      throw unknownUrl(request.method, pathOf(request));
    }),
  );
}

const pathOf = ({ url }: FastifyRequest): string => url.split('?')[0]!;

function readCall(request: FastifyRequest, handle: Handle): ApiRequest {
  const { method, url, body, params, headers } = request;
  const key = headers['idempotency-key'];
  return {
    method,
    path: pathOf(request),
    query: url.split('?')[1] ?? '',
    body: typeof body === 'string' ? body : '',
    idempotencyKey: typeof key === 'string' ? key : null,
    handle,
    id: (params as { id?: string }).id ?? '',
  };
}

/** Sends the answer, or does to the connection what the fault asks for. */
function deliver(
  reply: FastifyReply,
  { idempotencyKey }: ApiRequest,
  delivered: Delivery | null,
  fault: Fault | undefined,
): FastifyReply {
  if (fault?.action === 'reset') {
    reply.hijack().raw.socket?.resetAndDestroy();
    return reply;
  }
  if (fault?.action === 'hang' || delivered === null) return reply.hijack();
  const { status, body, replayed } = delivered;
  if (fault?.action === 'truncate') return sendHalf(reply.hijack(), status, body);
  if (idempotencyKey !== null) reply.header('idempotency-key', idempotencyKey);
  if (replayed) reply.header('idempotent-replayed', 'true');
  return reply.code(status).send(body);
}

/** Announces the whole body and breaks off in the middle of it. */
function sendHalf(reply: FastifyReply, status: number, body: unknown): FastifyReply {
  const bytes = Buffer.from(JSON.stringify(body, null, 2));
  reply.raw.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  reply.raw.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () =>
    reply.raw.socket?.destroy(),
  );
  return reply;
}
