export interface ErrorDetail {
  field: string;
  message: string;
}

/** The one shape of an error on every native route. */
export interface ErrorBody {
  error: { code: string; message: string; request_id: string; details: ErrorDetail[] };
}

export function errorBody(
  code: string,
  message: string,
  requestId: string,
  details: ErrorDetail[] = [],
): ErrorBody {
  return { error: { code, message, request_id: requestId, details } };
}

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
