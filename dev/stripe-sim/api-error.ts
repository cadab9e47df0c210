/** The body of a v1 error, as the SDK reads it. */
export interface ErrorBody {
  error: {
    readonly type: string;
    readonly code?: string;
    readonly param?: string;
    readonly message: string;
  };
}

/**
 * A refusal in Stripe's own shape.
 * `saved` says whether an idempotency key keeps it: Stripe keeps what happened once execution began, not a failed
 * validation of the parameters, and not a conflict with another request.
 */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: ErrorBody,
    readonly saved: boolean,
  ) {
    super(body.error.message);
  }
}

const invalidRequest = (
  status: number,
  saved: boolean,
  detail: { code?: string; param?: string; message: string },
): ApiError => new ApiError(status, { error: { type: 'invalid_request_error', ...detail } }, saved);

export const missingParameter = (param: string): ApiError =>
  invalidRequest(400, false, {
    code: 'parameter_missing',
    param,
    message: `Missing required param: ${param}.`,
  });

export const unknownParameter = (param: string): ApiError =>
  invalidRequest(400, false, {
    code: 'parameter_unknown',
    param,
    message: `Received unknown parameter: ${param}. (This simulator refuses every parameter that it does not honour.)`,
  });

export const invalidParameter = (param: string, message: string): ApiError =>
  invalidRequest(400, false, { code: 'parameter_invalid', param, message });

export const noSuchObject = (kind: string, id: string, param = 'id'): ApiError =>
  invalidRequest(404, true, {
    code: 'resource_missing',
    param,
    message: `No such ${kind}: '${id}'`,
  });

export const notEditable = (message: string): ApiError =>
  invalidRequest(400, true, { code: 'invoice_not_editable', message });

export const refusedState = (code: string, message: string): ApiError =>
  invalidRequest(400, true, { code, message });

export const unknownUrl = (method: string, path: string): ApiError =>
  invalidRequest(404, false, { message: `Unrecognized request URL (${method}: ${path}).` });

export const bodyTooLarge = (): ApiError =>
  invalidRequest(413, false, { message: 'The request body is too large.' });

export const unauthorised = (message: string): ApiError =>
  new ApiError(401, { error: { type: 'invalid_request_error', message } }, false);

export const keyReused = (key: string): ApiError =>
  new ApiError(
    400,
    {
      error: {
        type: 'idempotency_error',
        message:
          `Keys for idempotent requests can only be used with the same parameters they were first used with. ` +
          `Try using a key other than '${key}' if you meant to execute a different request.`,
      },
    },
    false,
  );

export const keyInUse = (key: string): ApiError =>
  new ApiError(
    409,
    {
      error: {
        type: 'idempotency_error',
        code: 'idempotency_key_in_use',
        message: `There is currently another in-progress request using this Idempotent Key: ${key}.`,
      },
    },
    false,
  );

/** An answer that a fault asks for: Stripe's envelope for a status that no handler produced. */
export const injectedError = (status: number): ErrorBody => ({
  error:
    status === 429
      ? {
          type: 'invalid_request_error',
          code: 'rate_limit',
          message: 'Request rate limit exceeded.',
        }
      : {
          type: status >= 500 ? 'api_error' : 'invalid_request_error',
          message: `Injected fault: status ${status}.`,
        },
});
