import { unknownUrl } from './api-error.js';
import type { Faults } from './faults.js';
import { parseForm, type FormMap } from './form-body.js';
import type { RequestLog } from './request-log.js';
import { RequestParams } from './request-params.js';
import type { Store } from './store.js';

interface Controlled {
  readonly store: Store;
  readonly faults: Faults;
  readonly requests: RequestLog;
}

/** The simulator's own API under `/_sim`, for tests and for whoever watches over the process. Bodies are JSON or forms. */
export function control(
  { store, faults, requests }: Controlled,
  method: string,
  path: string,
  body: string,
): unknown {
  switch (`${method} ${path}`) {
    case 'GET /_sim/health':
      return { status: 'ok' };
    case 'GET /_sim/requests':
      return { data: requests.list() };
    case 'GET /_sim/faults':
      return { data: faults.list() };
    case 'POST /_sim/faults':
      return faults.add(paramsOf(body));
    case 'DELETE /_sim/faults':
      faults.clear();
      return { data: [] };
    case 'POST /_sim/reset':
      store.reset();
      faults.clear();
      requests.clear();
      return { status: 'ok' };
    case 'POST /_sim/clock':
      return advanceClock(store, paramsOf(body));
    default:
      throw unknownUrl(method, path);
  }
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

/** A flat JSON object reads like a form: numbers and flags become their text. */
function paramsOf(body: string): RequestParams {
  if (!body.trimStart().startsWith('{')) return new RequestParams(parseForm(body));
  const values: FormMap = {};
  for (const [name, value] of Object.entries(JSON.parse(body) as Record<string, unknown>))
    values[name] = String(value);
  return new RequestParams(values);
}
