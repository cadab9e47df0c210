import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  HttpException,
  Inject,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LOGGER, type Logger } from '#platform';
import { ApiError, type ErrorBody, errorBody } from './api-error.js';
import { closeIfUnread } from './read-body.js';

/** Names for what the framework refuses by itself. */
const CODES: Record<number, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_timeout',
  409: 'conflict',
  413: 'body_too_large',
  415: 'unsupported_media_type',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Every error of every route leaves through here, in one shape. What is not foreseen is logged and answered 500 without its text. */
@Catch()
export class ApiErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const { status, headers, body } = this.answerTo(exception, request.id);
    closeIfUnread(request, reply);
    void reply.code(status).headers(headers).send(body);
  }

  private answerTo(
    exception: unknown,
    requestId: string,
  ): { status: number; headers: Record<string, string>; body: ErrorBody | object } {
    if (exception instanceof ApiError) {
      const { status, headers, code, message, details } = exception;
      return { status, headers, body: errorBody(code, message, requestId, details) };
    }
    const status = statusOf(exception);
    if (status === undefined || status === 500) {
      this.logger.error({ err: exception, request_id: requestId }, 'a request failed');
      const body = errorBody('internal_error', 'something failed on our side', requestId);
      return { status: 500, headers: {}, body };
    }
    // The health routes answer with their own body.
    const response = exception instanceof HttpException ? exception.getResponse() : '';
    if (typeof response === 'object' && !('message' in response))
      return { status, headers: {}, body: response };
    const message = messageOf(exception, status);
    const code = CODES[status] ?? 'refused';
    return { status, headers: {}, body: errorBody(code, message, requestId) };
  }
}

/** The framework's own text, except where it leaves out what to do. */
function messageOf(exception: unknown, status: number): string {
  if (status === 415)
    return 'the Content-Type is not one that this route takes: JSON is application/json, in UTF-8';
  return exception instanceof Error ? exception.message : 'refused';
}

/** Nest's exceptions and Fastify's errors carry their status differently. */
function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  if (exception instanceof Error && 'statusCode' in exception)
    return typeof exception.statusCode === 'number' ? exception.statusCode : undefined;
  return undefined;
}
