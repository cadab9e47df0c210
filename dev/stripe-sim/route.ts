import type { RequestParams } from './request-params.js';
import type { Store } from './store.js';

/** One call, already authorised: its parameters, from the body or the query, and the id in its path, if any. */
export interface Call {
  store: Store;
  params: RequestParams;
  id: string;
}

/** Runs in a transaction and returns the body of a 200. */
export type Handle = (call: Call) => unknown;

/** `['POST /v1/invoices/:id/void', handle]`. */
export type Route = [endpoint: string, handle: Handle];
