import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { catchError, mergeMap, type Observable } from 'rxjs';
import { DONE, ManagingCallsService, outcomeOf } from './managing-calls.service.js';

/** Every call that may change something is kept, whichever route it takes: a new route cannot be forgotten. */
@Injectable()
export class KeepManagingCalls implements NestInterceptor {
  constructor(private readonly calls: ManagingCallsService) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (request.method === 'GET' || request.method === 'HEAD') return next.handle();
    const call = await this.calls.begin(request);
    return next.handle().pipe(
      mergeMap(async (answer: unknown) => {
        await this.calls.finish(call, DONE, answer);
        return answer;
      }),
      catchError(async (error: unknown) => {
        await this.calls.finish(call, outcomeOf(error));
        throw error;
      }),
    );
  }
}
