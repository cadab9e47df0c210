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
