import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiError, unavailable } from '#http';
import { bearerToken } from './bearer-token.js';
import { KeyVerifier } from './key-verifier.js';
import type { Principal, Scope } from './principal.js';

const SCOPE = 'required-scope';

/** The scope that a route, or every route of a controller, asks for. */
export const RequireScope = (scope: Scope) => SetMetadata(SCOPE, scope);

const principals = new WeakMap<object, Principal>();

/** Who asks; only behind `ApiKeyGuard`. */
export function principalOf(request: FastifyRequest): Principal {
  const principal = principals.get(request.raw);
  if (!principal) throw new Error('this route is not behind ApiKeyGuard');
  return principal;
}

/** Lets a request in when its key is known and has the route's scope. A route without `@RequireScope` lets nobody in. */
@Injectable()
export class ApiKeyGuard implements CanActivate {
  constructor(
    private readonly verifier: KeyVerifier,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (scope === undefined) throw new Error('this route does not say which scope it asks for');
    const principal = await this.authenticate(request.headers.authorization);
    if (!principal.scopes.includes(scope))
      throw new ApiError(403, 'missing_scope', `this key does not have the scope "${scope}"`);
    principals.set(request.raw, principal);
    return true;
  }

  private async authenticate(authorization: string | undefined): Promise<Principal> {
    const token = bearerToken(authorization);
    if (token === null)
      throw new ApiError(401, 'missing_key', 'send your key as "Authorization: Bearer rk_..."');
    const verification = await this.verifier.verify(token);
    if (verification.state === 'unavailable')
      throw unavailable('keys_unavailable', 'keys cannot be checked at the moment: try again');
    if (verification.state === 'unknown')
      throw new ApiError(401, 'unknown_key', 'this key is unknown or was revoked');
    return verification.principal;
  }
}
