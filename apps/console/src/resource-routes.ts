import {
  applyDecorators,
  Controller,
  createParamDecorator,
  Delete,
  type ExecutionContext,
  Get,
  Patch,
  Post,
  type Type,
  UseGuards,
} from '@nestjs/common';
import {
  ApiBearerAuth,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiTags,
} from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiKeyGuard, RequireScope } from '#access';
import { projectOf } from './access/caller.js';
import { ApiPageOf } from './lists/api-page-of.js';

/** A controller of what a project manages with its own keys: `manage`, where a route does not say `read`. */
export function ProjectResource(path: string, tag: string): ClassDecorator {
  return applyDecorators(
    ApiTags(tag),
    ApiBearerAuth(),
    Controller(path),
    UseGuards(ApiKeyGuard),
    RequireScope('manage'),
  );
}

/** `POST` to the list; an `Idempotency-Key` makes a repetition safe. */
export function CreateRoute(answer: Type): MethodDecorator {
  return applyDecorators(
    Post(),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
    ApiCreatedResponse({ type: answer }),
  );
}

/** `GET` of the list, page by page. */
export function ListRoute(item: Type): MethodDecorator {
  return applyDecorators(Get(), RequireScope('read'), ApiPageOf(item));
}

/** `GET` of one. */
export function FindRoute(answer: Type): MethodDecorator {
  return applyDecorators(Get(':id'), RequireScope('read'), ApiOkResponse({ type: answer }));
}

/** `PATCH` of one, which answers the whole of it. */
export function ChangeRoute(answer: Type): MethodDecorator {
  return applyDecorators(Patch(':id'), ApiOkResponse({ type: answer }));
}

/** `DELETE` of one, which answers what it was. */
export function DeleteRoute(answer: Type): MethodDecorator {
  return applyDecorators(Delete(':id'), ApiOkResponse({ type: answer }));
}

/** The project of the key that the request came with. */
export const Project = createParamDecorator((_: unknown, context: ExecutionContext): string =>
  projectOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
