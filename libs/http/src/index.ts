export { ApiError, unavailable } from './api-error.js';
export { ApiErrorFilter } from './api-error-filter.js';
export { type ErrorBody, errorBody, type ErrorDetail } from './error-body.js';
export { httpAdapter, httpAdapterOptions, type HttpLimits } from './http-adapter.js';
