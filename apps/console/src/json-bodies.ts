import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyBodyParser, FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import {
  ApiError,
  BodyRoom,
  type BrokenBound,
  type JsonBounds,
  readBody,
  scanJson,
  unavailable,
} from '#http';
import { callerId } from './access/caller.js';

const BODY_BYTES_MAX = 256 * 1024;
/** Far above what any DTO takes: validation walks a body several times, once in the square of its entries. */
const BOUNDS: JsonBounds = { entriesMax: 1_000, depthMax: 8 };
const QUERY_FIELDS_MAX = 100;
/** Of bodies that are on their way in at once, half of them from one caller. */
const HELD_BYTES_MAX = 64 * 1024 * 1024;

const MESSAGES: Record<BrokenBound, string> = {
  too_deep: `the body is nested deeper than ${BOUNDS.depthMax}`,
  too_many_entries: `the body has more than ${BOUNDS.entriesMax} entries in its lists and objects`,
};

/** Reads and parses a body once the guards have let its request in, within bounds that hold before anything walks it. */
@Injectable()
export class JsonBodies implements NestInterceptor {
  private readonly room = new BodyRoom(HELD_BYTES_MAX);
  private parseJson: FastifyBodyParser<string> | undefined;

  constructor(private readonly host: HttpAdapterHost<FastifyAdapter>) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (Object.keys(request.query as object).length > QUERY_FIELDS_MAX)
      throw new ApiError(400, 'too_many_entries', 'the query has too many fields');
    request.body = await this.read(request, reply);
    return next.handle();
  }

  private async read(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    // Probes are asked by anybody, and have none.
    if (request.body === undefined) return undefined;
    const held = this.room.open(callerId(request));
    try {
      const bytes = await readBody(request, reply, { bytesMax: BODY_BYTES_MAX, held });
      if (bytes === 'too_large')
        throw new ApiError(413, 'body_too_large', `the body has more than ${BODY_BYTES_MAX} bytes`);
      if (bytes === 'no_room')
        throw unavailable('overloaded', 'too many bodies are on their way in: try again');
      return bytes && (await this.parse(request, bytes));
    } finally {
      held.release();
    }
  }

  /** Undefined for an empty body: many clients say `application/json` also where there is nothing to send. */
  private parse(request: FastifyRequest, bytes: Buffer): Promise<unknown> {
    if (bytes.length === 0) return Promise.resolve(undefined);
    const { broken } = scanJson(bytes, 0, bytes.length, BOUNDS);
    if (broken !== null) throw new ApiError(400, broken, MESSAGES[broken]);
    this.parseJson ??= this.host.httpAdapter.getInstance().getDefaultJsonParser('error', 'error');
    const parseJson = this.parseJson;
    return new Promise((resolve, reject) => {
      void parseJson(request, bytes.toString(), (error, body) =>
        error === null ? resolve(body) : reject(error),
      );
    });
  }
}
