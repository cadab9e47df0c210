import { type CanActivate, type ExecutionContext, Injectable, SetMetadata } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, bearerToken, isAdminKey } from '#access';
import { ApiError } from '#http';
import { ConsoleConfig } from '../console.config.js';
import { markAdmin } from './caller.js';

const ADMIN = 'admin-key';

/** Routes of the platform's owner: no project's key opens them. */
export const AdminOnly = () => SetMetadata(ADMIN, 'only');

/** Routes that the platform's owner may use as well as a project's key with the required scope. */
export const AdminToo = () => SetMetadata(ADMIN, 'too');

/** Lets the admin key in where a route says so; every other request is a project's key and has to pass `ApiKeyGuard`. */
@Injectable()
export class AdminKeyGuard implements CanActivate {
  constructor(
    private readonly config: ConsoleConfig,
    private readonly apiKeys: ApiKeyGuard,
    private readonly reflector: Reflector,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const admin = this.reflector.getAllAndOverride<'only' | 'too' | undefined>(ADMIN, [
      context.getHandler(),
      context.getClass(),
    ]);
    const token = bearerToken(request.headers.authorization);
    if (admin !== undefined && token !== null && isAdminKey(token, this.config.adminKey)) {
      markAdmin(request);
      return true;
    }
    await this.apiKeys.canActivate(context);
    if (admin === 'only')
      throw new ApiError(403, 'admin_only', 'this route takes the admin key of the platform only');
    return true;
  }
}
