import type { FastifyInstance, FastifyRequest } from 'fastify';
import { assertNoWebPage } from './authorisation.js';
import type { Faults } from './faults.js';
import type { RequestLog } from './request-log.js';
import { RequestParams } from './request-params.js';
import type { Store } from './store.js';

interface Controlled {
  store: Store;
  faults: Faults;
  requests: RequestLog;
}

/** The simulator's own API under `/_sim`, for tests and for whoever watches over the process. Bodies are JSON or forms. */
export function addControlRoutes(
  app: FastifyInstance,
  { store, faults, requests }: Controlled,
): void {
  app.addHook('preHandler', async ({ headers }) => assertNoWebPage(headers.origin));
  app.get('/health', () => ({ status: 'ok' }));
  app.get('/requests', () => ({ data: requests.list() }));
  app.get('/faults', () => ({ data: faults.list() }));
  app.post('/faults', (request) => faults.add(paramsOf(request)));
  app.delete('/faults', () => {
    faults.clear();
    return { data: [] };
  });
  app.post('/reset', () => {
    store.reset();
    faults.clear();
    requests.clear();
    return { status: 'ok' };
  });
  app.post('/clock', (request) => advanceClock(store, paramsOf(request)));
}

/** The clock only moves forward, as Stripe's test clocks do; it decides when idempotency keys expire. */
function advanceClock(store: Store, params: RequestParams): { now: number } {
  const seconds = Math.max(0, params.integer('advance_seconds') ?? 0);
  params.end();
  store.transaction(() => {
    const offset = store.get('clock', 'clock')?.offset_seconds ?? 0;
    return store.put('clock', 'clock', { offset_seconds: offset + seconds });
  });
  return { now: store.now() };
}

function paramsOf({ body }: FastifyRequest): RequestParams {
  const text = typeof body === 'string' ? body : '';
  return text.trimStart().startsWith('{') ? RequestParams.ofJson(text) : RequestParams.ofForm(text);
}
