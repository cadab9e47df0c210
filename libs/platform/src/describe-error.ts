/** An error as it stands in the log. */
export interface DescribedError {
  type: string;
  message: string;
  stack?: string;
  code?: string | number;
  cause?: DescribedError;
  errors?: DescribedError[];
}

const DEPTH_MAX = 5;
const ERRORS_MAX = 10;
const TEXT_LENGTH_MAX = 8_000;

/** Our keys, Stripe's keys and webhook secrets, bearer tokens, and passwords in URLs. */
const SECRETS =
  /\b(?:rk|whsec|(?:sk|rk)_(?:test|live))_[A-Za-z0-9_+/=-]{6,}|\b(?<=bearer )\S+|(?<=:\/\/[^\s/:@]{0,256}:)[^\s/@]+(?=@)/gi;

/**
 * What was thrown, with its causes, whatever it is. Only what every error has: clients hang requests, headers and connection
 * settings on theirs, and secrets with them.
 */
export function describeError(error: unknown, depth = 1): DescribedError {
  if (!(error instanceof Error)) return { type: typeof error, message: written(inWords(error)) };
  const { code, cause, errors } = error as Error & { code?: unknown; errors?: unknown };
  const goesOn = depth < DEPTH_MAX;
  return {
    type: error.name,
    message: written(error.message),
    ...(error.stack === undefined ? {} : { stack: written(error.stack) }),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(goesOn && cause !== undefined ? { cause: describeError(cause, depth + 1) } : {}),
    ...(goesOn && Array.isArray(errors)
      ? { errors: errors.slice(0, ERRORS_MAX).map((one) => describeError(one, depth + 1)) }
      : {}),
  };
}

function inWords(thrown: unknown): string {
  try {
    return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown));
  } catch {
    return String(thrown);
  }
}

function written(text: string): string {
  return text.slice(0, TEXT_LENGTH_MAX).replaceAll(SECRETS, '[secret]');
}
