import type { FastifyRequest } from 'fastify';
import { principalOf } from '#access';
import { ApiError } from '#http';
import { isAdmin } from '../access/caller.js';

/** What a caller may hand on: null for the admin key, which may hand on everything. */
export interface Grantor {
  scopes: readonly string[];
  expiresAt: Date | null;
}

export function grantorOf(request: FastifyRequest): Grantor | null {
  return isAdmin(request) ? null : principalOf(request);
}

/** @throws ApiError 403 when a scope is among those that are newly given and not among the grantor's own. */
export function refuseMoreScopes(grantor: Grantor | null, scopes: readonly string[]): void {
  const more = scopes.filter((scope) => grantor !== null && !grantor.scopes.includes(scope));
  if (more.length === 0) return;
  throw refused(
    'scopes',
    `must be among those of the key that gives them: it lacks ${more.join(', ')}`,
  );
}

/** @throws ApiError 403 when what is given would outlive the grantor. */
export function refuseLongerLife(grantor: Grantor | null, expiresAt: Date | null): void {
  const end = grantor?.expiresAt ?? null;
  if (end === null || (expiresAt !== null && expiresAt <= end)) return;
  throw refused(
    'expires_at',
    `must not be later than ${end.toISOString()}, when the key that asks ends`,
  );
}

function refused(field: string, message: string): ApiError {
  return new ApiError(403, 'grants_more', `${field} ${message}`, [{ field, message }]);
}
