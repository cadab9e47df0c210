import { Inject, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { principalOf, randomBase62 } from '#access';
import { ApiError } from '#http';
import { LOGGER, type Logger } from '#platform';
import { ManagedThings, type ManagingCall, ManagingCalls } from '#postgres';
import { ManagingCallWrites } from '#postgres/writes';
import { callerId, isAdmin } from '../access/caller.js';
import { Engines } from '../engines/engines.js';
import type { ListQueryDto } from '../lists/list-query.dto.js';
import { newestFirst, type Page } from '../lists/newest-first.js';
import type { ManagingCallDto } from './managing-call.dto.js';
import { withoutSecrets } from './without-secrets.js';

/** What a call is about, by its path and its project. */
interface Subject {
  project: string | null;
  name: string;
  id: string | undefined;
}

export interface OpenCall {
  id: string;
  subject: Subject;
}

/** Who changed what: kept before a call does anything, and again with what came of it. */
@Injectable()
export class ManagingCallsService {
  constructor(
    private readonly engines: Engines,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  list(project: string, query: ListQueryDto): Promise<Page<ManagingCallDto>> {
    return this.engines.postgres((postgres) =>
      newestFirst(query, (page) => new ManagingCalls(postgres).list(project, page), show),
    );
  }

  /** @throws ApiError 503 when it cannot be kept: then nothing was done. */
  async begin(request: FastifyRequest): Promise<OpenCall> {
    const subject = subjectOf(request);
    const id = `call_${randomBase62(20)}`;
    const { method, url, body } = request;
    await this.engines.postgres(async (postgres) => {
      const before = await this.read(subject);
      await new ManagingCallWrites(postgres).begin({
        id,
        project: subject.project,
        caller: callerId(request),
        requestId: request.id,
        method,
        path: url.slice(0, PATH_LENGTH_MAX).replaceAll('\0', '\ufffd'),
        body: withoutSecrets(body),
        before: withoutSecrets(before),
      });
    });
    return { id, subject };
  }

  /** What was done stays done and answered, also where this cannot be kept: its outcome is then unknown for ever. */
  async finish({ id, subject }: OpenCall, outcome: string, answer?: unknown): Promise<void> {
    const made = madeBy(subject, answer);
    try {
      await this.engines.postgres(async (postgres) => {
        const after = outcome === DONE ? ((await this.read(made)) ?? answer) : undefined;
        await new ManagingCallWrites(postgres).finish(
          id,
          outcome,
          withoutSecrets(after),
          made.project ?? undefined,
        );
      });
    } catch (error) {
      this.logger.warn({ err: error, call: id, outcome }, 'what came of a call was not kept');
    }
  }

  private async read({ project, name, id }: Subject): Promise<unknown> {
    if (project === null) return null;
    return this.engines.postgres((postgres) =>
      new ManagedThings(postgres).find(project, name, id ?? ''),
    );
  }
}

export const DONE = 'done';
const PATH_LENGTH_MAX = 2_000;

function subjectOf(request: FastifyRequest): Subject {
  const [, , name = '', id] = (request.url.split('?')[0] ?? '').split('/');
  const known = id === undefined ? undefined : decoded(id);
  return { project: projectAbout(request, name, known), name, id: known };
}

/** The admin key belongs to no project; what it is about stands in the path, the query or the body. */
function projectAbout(
  request: FastifyRequest,
  name: string,
  id: string | undefined,
): string | null {
  if (!isAdmin(request)) return principalOf(request).project;
  if (name === 'projects') return id ?? null;
  const { query, body } = request as {
    query?: { project?: unknown };
    body?: { project?: unknown };
  };
  const named = query?.project ?? body?.project;
  return typeof named === 'string' ? named : null;
}

/** A call that made something is about what it made. */
function madeBy(subject: Subject, answer: unknown): Subject {
  if (subject.id !== undefined || typeof answer !== 'object' || answer === null) return subject;
  const { id } = answer as { id?: unknown };
  if (typeof id !== 'string') return subject;
  const project = subject.name === 'projects' ? id : subject.project;
  return { ...subject, project, id };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text).replaceAll('\0', '');
  } catch {
    return text;
  }
}

/** The code by which a refusal is known; what was not foreseen has none of its own. */
export function outcomeOf(error: unknown): string {
  return error instanceof ApiError ? error.code : 'failed';
}

function show({ created_at, project: _project, ...call }: ManagingCall): ManagingCallDto {
  return { ...call, created_at: created_at.toISOString() };
}
