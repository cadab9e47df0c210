import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { principalOf } from '#access';
import { ApiError } from '#http';
import { WINDOW_SECONDS } from '#limits';
import { isAdmin } from '../access/caller.js';
import { SendLimitsService } from './send-limits.service.js';

/** For routes that make the platform send something, behind the guard of keys. */
@Injectable()
export class SendLimitGuard implements CanActivate {
  constructor(private readonly limits: SendLimitsService) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (isAdmin(request)) return true;
    const { left, secondsLeft, exhausted } = this.limits.take(principalOf(request));
    const headers = {
      'ratelimit-policy': `"sends";q=${this.limits.quota};w=${WINDOW_SECONDS}`,
      ratelimit: `"sends";r=${left.requests};t=${secondsLeft}`,
    };
    if (exhausted !== null)
      throw new ApiError(
        429,
        'rate_limited',
        `this project has tested, resent and replayed enough for now: try again in ${secondsLeft} s`,
        [],
        { ...headers, 'retry-after': String(secondsLeft) },
      );
    void reply.headers(headers);
    return true;
  }
}
