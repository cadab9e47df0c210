export { ApiError, type ErrorBody, errorBody, type ErrorDetail, unavailable } from './api-error.js';
export { ApiErrorFilter } from './api-error-filter.js';
export { httpAdapter, httpAdapterOptions, type HttpLimits } from './http-adapter.js';
