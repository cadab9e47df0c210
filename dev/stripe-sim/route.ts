import type { RequestParams } from './request-params.js';
import type { Store } from './store.js';

/** One call, already authorised: its parameters, from the body or the query, and the id in its path, if any. */
export interface Call {
  readonly store: Store;
  readonly params: RequestParams;
  readonly id: string;
}

/** `['POST /v1/invoices/:id/void', handler]`. The handler runs in a transaction and returns the body of a 200. */
export type Route = readonly [endpoint: string, handle: (call: Call) => unknown];
