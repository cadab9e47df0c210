import type { ErrorDetail } from './error-body.js';

/** A refusal with its HTTP status. Controllers and guards throw it; the filter writes it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: ErrorDetail[] = [],
    readonly headers: Record<string, string> = {},
  ) {
    super(message);
  }
}

/** 503 with `Retry-After`: trouble on our side that passes. */
export function unavailable(code: string, message: string, retryAfterSeconds = 1): ApiError {
  return new ApiError(503, code, message, [], { 'retry-after': String(retryAfterSeconds) });
}
