export { ApiError, type ErrorBody, errorBody, type ErrorDetail, unavailable } from './api-error.js';
export { ApiErrorFilter } from './api-error-filter.js';
export { HttpAdapter, type HttpLimits } from './http-adapter.js';
export { type BrokenBound, type JsonBounds, scanJson } from './json-bounds.js';
export { probeAdapter } from './probe-adapter.js';
export { closeIfUnread, readBody } from './read-body.js';
