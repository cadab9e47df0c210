import { setClause } from './set-clause.js';
import type { EngineConnection, NativeEngine } from './native-engine.js';

/** One statement with everything it runs under. */
export interface EngineRequest {
  /** SQL without a trailing statement; inserts name the file that holds their rows. */
  sql: string;
  /** Whether the statement writes, hence is counted in rows written rather than rows returned. */
  writes: boolean;
  /** Output format of a statement without a FORMAT clause. */
  defaultFormat: string;
  database: string | undefined;
  settings: ReadonlyMap<string, string>;
  /** Query parameters in ClickHouse's escaped text form, by name. */
  parameters: ReadonlyMap<string, string>;
}

export interface EngineAnswer {
  body: Buffer;
  resultRows: number;
  resultBytes: number;
  writtenRows: number;
  writtenBytes: number;
  elapsedSeconds: number;
}

const NO_DATA = Buffer.alloc(0);

/**
 * The embedded ClickHouse engine on one data directory.
 *
 * Every statement gets a connection of its own (a fifth of a millisecond), so settings, the current database, parameters and
 * temporary tables of one request cannot reach another.
 */
export class Engine {
  /** Kept open for the life of the process: the engine shuts down with its last connection. */
  private readonly anchor: EngineConnection;

  /** @throws when the directory cannot be opened, for example because another process holds it. */
  constructor(
    private readonly native: NativeEngine,
    private readonly path: string,
  ) {
    this.anchor = native.CreateConnection(path);
  }

  /** Runs one statement. Rejects with the engine's error, whose message begins with `Code: <n>.`. */
  async run(request: EngineRequest): Promise<EngineAnswer> {
    const connection = this.native.CreateConnection(this.path);
    try {
      const preamble = setClause(request.settings, request.parameters, request.database);
      if (preamble !== '') await this.native.QueryAsyncConnection(connection, preamble, 'Null');
      return request.writes
        ? await this.write(connection, request.sql)
        : await this.query(connection, request.sql, request.defaultFormat);
    } finally {
      this.native.CloseConnection(connection);
    }
  }

  private async query(
    connection: EngineConnection,
    sql: string,
    format: string,
  ): Promise<EngineAnswer> {
    const answer = await this.native.QueryAsyncConnection(connection, sql, format);
    return {
      body: answer.bytes,
      resultRows: answer.rowsRead,
      resultBytes: answer.bytesRead,
      writtenRows: 0,
      writtenBytes: 0,
      elapsedSeconds: answer.elapsed,
    };
  }

  private async write(connection: EngineConnection, sql: string): Promise<EngineAnswer> {
    const answer = await this.native.InsertRawAsyncConnection(connection, sql, NO_DATA, false);
    return {
      body: NO_DATA,
      resultRows: 0,
      resultBytes: 0,
      writtenRows: answer.rowsWritten,
      writtenBytes: answer.bytesWritten,
      elapsedSeconds: answer.elapsed,
    };
  }

  /** Stops the engine. No statement may be running. */
  close(): void {
    this.native.CloseConnection(this.anchor);
  }
}
