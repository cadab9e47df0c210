import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AdmissionQueue } from './admission-queue.js';
import { authenticate } from './authentication.js';
import { ClickHouseException } from './clickhouse-exception.js';
import { contentTypeOf } from './content-type.js';
import { effectiveSettings, type ExecutionBounds } from './effective-settings.js';
import type { Engine, EngineAnswer } from './engine.js';
import { httpStatusOf } from './http-status.js';
import type { IncomingStatement, StatementReader } from './incoming-statement.js';
import type { InsertFiles } from './insert-files.js';
import { RequestAborted } from './request-body.js';
import { MAIN_DATABASE } from './refuse-reaching-out.js';
import { refuseWebPages } from './refuse-web-pages.js';
import { requestLineOf, type RequestLine } from './request-line.js';
import { encodeBody } from './response-encoding.js';
import { summaryOf } from './summary.js';

/** What the face puts requests through. */
export interface FaceParts {
  engine: Engine;
  queue: AdmissionQueue;
  files: InsertFiles;
  reader: StatementReader;
  execution: ExecutionBounds;
  /** Of its one user. */
  password: string;
  /** Called when the engine has stopped for good. */
  onEngineGone: (reason: ClickHouseException) => void;
}

const SERVER_OPTIONS = {
  // A server takes URLs of 1 MiB, and clients put query parameters there.
  maxHeaderSize: 2 * 1024 * 1024,
  keepAliveTimeout: 30_000,
  requestTimeout: 300_000,
};
const MAX_CONNECTIONS = 512;

function sendText(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' }).end(text);
}

/** The HTTP interface of a ClickHouse server, as far as the embedded engine can honour it. */
export class HttpFace {
  readonly server: Server;

  constructor(private readonly parts: FaceParts) {
    this.server = createServer(SERVER_OPTIONS, (request, response) => {
      void this.answer(request, response);
    });
    this.server.maxConnections = MAX_CONNECTIONS;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://clickhouse');
    if (url.pathname === '/ping' || url.pathname === '/replicas_status')
      sendText(response, 200, 'Ok.\n');
    else if (url.pathname !== '/') sendText(response, 404, `There is no handle ${url.pathname}\n`);
    else if (request.method === 'GET' && !url.searchParams.has('query'))
      sendText(response, 200, 'Ok.\n');
    else if (request.method !== 'GET' && request.method !== 'POST')
      sendText(response, 405, `Method ${request.method} is not supported\n`);
    else await this.answerQuery(url, request, response);
  }

  private async answerQuery(
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    response.setHeader('X-ClickHouse-Server-Display-Name', 'embedded');
    try {
      refuseWebPages(request.headers);
      authenticate(url, request.headers, this.parts.password);
      const line = requestLineOf(url, request.headers);
      response.setHeader('X-ClickHouse-Query-Id', line.queryId ?? randomUUID());
      const statement = await this.parts.reader.read(request, line);
      const answer = await this.run(request, response, line, statement);
      await this.send(request, response, answer, line, statement.format ?? line.defaultFormat);
    } catch (error) {
      this.sendError(request, response, error);
    }
  }

  private async run(
    request: IncomingMessage,
    response: ServerResponse,
    line: RequestLine,
    statement: IncomingStatement,
  ): Promise<EngineAnswer> {
    const { engine, queue, files, execution } = this.parts;
    const gone = new AbortController();
    response.on('close', () => gone.abort(new RequestAborted('request aborted')));
    try {
      return await queue.run(statement.lane, gone.signal, () =>
        engine.run({
          sql: statement.sql,
          writes: statement.writes,
          defaultFormat: line.defaultFormat,
          database: (line.database ?? 'default') === 'default' ? MAIN_DATABASE : line.database,
          settings: effectiveSettings(line.settings, request.method === 'GET', execution),
          parameters: line.parameters,
        }),
      );
    } finally {
      if (statement.rowsPath !== undefined) await files.remove(statement.rowsPath);
    }
  }

  private async send(
    request: IncomingMessage,
    response: ServerResponse,
    answer: EngineAnswer,
    line: RequestLine,
    format: string,
  ): Promise<void> {
    const { body, encoding } = await encodeBody(
      answer.body,
      request.headers['accept-encoding'],
      ['1', 'true'].includes(line.settings.get('enable_http_compression') ?? ''),
    );
    if (encoding !== undefined) response.setHeader('Content-Encoding', encoding);
    response
      .writeHead(200, {
        'Content-Type': contentTypeOf(format),
        'Content-Length': body.length,
        'X-ClickHouse-Format': format,
        'X-ClickHouse-Timezone': 'UTC',
        'X-ClickHouse-Summary': summaryOf(answer),
      })
      .end(body);
  }

  private sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
    if (error instanceof RequestAborted || response.destroyed) return;
    const exception = ClickHouseException.from(error);
    if (exception.engineIsGone) this.parts.onEngineGone(exception);
    response.setHeader('X-ClickHouse-Exception-Code', exception.code);
    // The rest of an unread body would be taken for the next request.
    if (!request.complete) response.setHeader('Connection', 'close');
    sendText(response, httpStatusOf(exception.code), `${exception.message}\n`);
    request.resume();
  }
}
