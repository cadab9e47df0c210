export { ApiError, type ErrorBody, errorBody, type ErrorDetail, unavailable } from './api-error.js';
export { ApiErrorFilter } from './api-error-filter.js';
export { HttpAdapter, type HttpLimits } from './http-adapter.js';
export { BodyRoom, type HeldBodies } from './body-room.js';
export { type BrokenBound, type JsonBounds, scanJson } from './json-bounds.js';
export { probeAdapter } from './probe-adapter.js';
export { closeIfUnread, readBody, type Unread } from './read-body.js';
