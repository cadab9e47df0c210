import { ApiError } from '#http';

/** @throws ApiError 404 when there is nothing, which is also the answer about what belongs to another project. */
export function found<T>(thing: T | undefined, what: string): T {
  if (thing !== undefined) return thing;
  throw notFound(what);
}

export function notFound(what: string): ApiError {
  return new ApiError(404, 'not_found', `there is no such ${what}`);
}

/** @throws ApiError 409 when nothing was created because the id is in use. */
export function created<T>(thing: T | undefined, what: string): T {
  if (thing !== undefined) return thing;
  const message = `is the id of another ${what}`;
  throw new ApiError(409, 'id_taken', `this ${message}`, [{ field: 'id', message }]);
}
