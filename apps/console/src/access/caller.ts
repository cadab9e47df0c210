import type { FastifyRequest } from 'fastify';
import { principalOf } from '#access';
import { ApiError } from '#http';

const admins = new WeakSet<object>();

export function markAdmin(request: FastifyRequest): void {
  admins.add(request.raw);
}

export function isAdmin(request: FastifyRequest): boolean {
  return admins.has(request.raw);
}

/** The project of the key: nothing that a caller sends can change it. */
export function projectOf(request: FastifyRequest): string {
  return principalOf(request).project;
}

/**
 * The project that a request about keys is for. The admin key has none of its own, so there `named` says it.
 * @throws ApiError 400 when the admin names none, 403 when a project's key names another one.
 */
export function projectNamedBy(request: FastifyRequest, named: string | undefined): string {
  if (isAdmin(request)) {
    if (named !== undefined) return named;
    const message = 'must name the project, since the admin key belongs to none';
    throw new ApiError(400, 'invalid_request', `project ${message}`, [
      { field: 'project', message },
    ]);
  }
  const own = projectOf(request);
  if (named === undefined || named === own) return own;
  throw new ApiError(403, 'admin_only', 'only the admin key may name a project');
}

/** Who asks, for what is remembered by caller. */
export function callerId(request: FastifyRequest): string {
  return isAdmin(request) ? 'admin' : principalOf(request).keyId;
}
