import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '#http';

/** Moesif's clients send to the same path and are known by this header alone. Their door is not open yet. */
@Injectable()
export class MoesifDoorGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.headers['x-moesif-application-id'] === undefined) return true;
    throw new ApiError(404, 'moesif_not_served', 'events of Moesif clients are not taken here yet');
  }
}
