import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** One connection to the embedded engine. It has settings, parameters, a current database and temporary tables of its own. */
export type EngineConnection = { readonly __engineConnection: never };

/** What the engine answers to a query that returns rows. The counts are those of the result, not of what was scanned. */
export interface QueryAnswer {
  bytes: Buffer;
  elapsed: number;
  rowsRead: number;
  bytesRead: number;
}

/** What the engine answers to a write. Rows written by materialized views are included, as a server reports them. */
export interface WriteAnswer {
  elapsed: number;
  rowsWritten: number;
  bytesWritten: number;
}

/** The calls of chdb's native addon that the face needs. Every `*Async*` call runs on the libuv thread pool. */
export interface NativeEngine {
  CreateConnection(path: string): EngineConnection;
  CloseConnection(connection: EngineConnection): void;
  QueryAsyncConnection(
    connection: EngineConnection,
    sql: string,
    format: string,
  ): Promise<QueryAnswer>;
  InsertRawAsyncConnection(
    connection: EngineConnection,
    statement: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<WriteAnswer>;
}

/**
 * Loads chdb's addon.
 *
 * The package's own `Session` sits on the same calls, but it hides how many rows a write wrote, and its `close()` waits for
 * every query of the process: with one connection per request, connections would pile up behind a slow query. chdb is pinned
 * to one version, so its loader is taken from its folder.
 *
 * @throws when the platform has no build of the engine.
 */
export function loadNativeEngine(): NativeEngine {
  const require = createRequire(import.meta.url);
  const loader = require(join(dirname(require.resolve('chdb')), 'dist', 'loader.js')) as {
    loadNative(): NativeEngine;
  };
  return loader.loadNative();
}
