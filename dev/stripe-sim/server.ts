import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { ApiError, bodyTooLarge, injectedError } from './api-error.js';
import { answerCall, refuseCall, type ApiRequest } from './api.js';
import { assertAuthorised, assertNoWebPage } from './authorisation.js';
import { control } from './control.js';
import { Faults, type Fault } from './faults.js';
import { Idempotency } from './idempotency.js';
import { RequestLog } from './request-log.js';
import type { Store } from './store.js';
import type { Answer } from './tables.js';

const bodyBytesMax = 1024 * 1024;

type Delivery = Answer & { replayed?: boolean };

/** The simulator on HTTP. Whoever makes it listens on loopback and closes it; the store stays the caller's. */
export function createSimulator(store: Store): Server {
  const faults = new Faults();
  const requests = new RequestLog();
  const idempotency = new Idempotency(store);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request;
    const [path = '/', query = ''] = url.split('?');
    const body = await readBody(request);
    if (path.startsWith('/_sim/')) {
      assertNoWebPage(request.headers.origin);
      send(response, {
        status: 200,
        body: control({ store, faults, requests }, method, path, body),
      });
      return;
    }
    assertAuthorised(request.headers.authorization);
    const key = request.headers['idempotency-key'];
    const call: ApiRequest = {
      method,
      path,
      query,
      body,
      idempotencyKey: typeof key === 'string' ? key : null,
    };
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
      deliver(response, call, delivered, fault);
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

  return createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (error instanceof ApiError) return send(response, error);
      process.stderr.write(
        `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
      return send(response, {
        status: 500,
        body: { error: { type: 'api_error', message: 'The simulator failed; see its log.' } },
      });
    });
  });
}

function deliver(
  response: ServerResponse,
  call: ApiRequest,
  delivered: Delivery | null,
  fault: Fault | undefined,
): void {
  if (fault?.action === 'reset') {
    response.socket?.resetAndDestroy();
  } else if (fault?.action === 'truncate' && delivered !== null) {
    sendHalf(response, delivered);
  } else if (fault?.action !== 'hang' && delivered !== null) {
    if (call.idempotencyKey !== null) response.setHeader('idempotency-key', call.idempotencyKey);
    send(response, delivered);
  }
}

function writeHead(response: ServerResponse, { status, replayed }: Delivery, length: number): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': length,
    'request-id': `req_${randomBytes(7).toString('hex')}`,
    ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
  });
}

function send(response: ServerResponse, delivery: Delivery): void {
  if (response.destroyed || response.headersSent) return;
  const bytes = Buffer.from(JSON.stringify(delivery.body, null, 2));
  writeHead(response, delivery, bytes.length);
  response.end(bytes);
}

/** Announces the whole body and breaks off in the middle of it. */
function sendHalf(response: ServerResponse, delivery: Delivery): void {
  const bytes = Buffer.from(JSON.stringify(delivery.body, null, 2));
  writeHead(response, delivery, bytes.length);
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy());
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyBytesMax) throw bodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
