import type { IncomingMessage } from 'node:http';
import type { Lane } from './admission-queue.js';
import type { InsertFiles } from './insert-files.js';
import { insertOfRows } from './insert-statement.js';
import { acceptMultipart } from './multipart-fields.js';
import { bodyPieces } from './request-body.js';
import type { RequestLine } from './request-line.js';
import { keywordOf, sqlTokens } from './sql-lexer.js';
import { stringLiteral } from './sql-literal.js';
import { statementOf } from './statement.js';

export interface BodyLimits {
  /** Most bytes of SQL, rows inside it included. */
  queryBytes: number;
  /** Most bytes of rows behind an INSERT in the URL, after decompression. */
  insertBytes: number;
}

/** A statement ready for the engine. */
export interface IncomingStatement {
  sql: string;
  lane: Lane;
  writes: boolean;
  /** Format the statement itself names. */
  format: string | undefined;
  /** File with the rows of an insert, to be removed when the statement is done. */
  rowsPath: string | undefined;
}

const INSERT_IN_URL = 'send fewer rows at a time';
const SQL_IN_BODY = 'put INSERT ... FORMAT into ?query= and only the rows into the body';

// SQL is looked through as Latin-1, one character a byte: rows behind it may be binary, and positions are byte positions.
const asLatin1 = (text: string): string => Buffer.from(text).toString('latin1');
const fromLatin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

const isInsert = (source: string): boolean =>
  keywordOf(sqlTokens(source).next().value ?? undefined) === 'INSERT';

async function* chain(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  if (first.length > 0) yield first;
  yield* rest;
}

async function* nothing(): AsyncGenerator<Buffer, void> {}

/** Reads statements off requests. Rows of inserts stream into files; everything else is SQL text. */
export class StatementReader {
  constructor(
    private readonly files: InsertFiles,
    private readonly limits: BodyLimits,
    private readonly maxExecutionSeconds: number,
  ) {}

  /**
   * Reads the whole request. Fields of a multipart body are added to the line.
   *
   * @throws ClickHouseException for a body or statement that is refused; RequestAborted when the client left
   */
  async read(request: IncomingMessage, line: RequestLine): Promise<IncomingStatement> {
    const urlSql = asLatin1(line.query);
    if (isInsert(urlSql)) {
      const pieces = bodyPieces(request, this.limits.insertBytes, INSERT_IN_URL);
      const insert = await this.insert(urlSql, pieces);
      if (insert !== undefined) return insert;
    }
    const sql = await this.wholeSql(request, line);
    const insert = isInsert(sql) ? await this.insert(sql, nothing()) : undefined;
    if (insert !== undefined) return insert;
    const statement = statementOf(sql, this.maxExecutionSeconds);
    const writes = statement.verb === 'INSERT';
    return {
      sql: fromLatin1(statement.sql).toString(),
      lane: writes ? 'write' : 'read',
      writes,
      format: statement.format,
      rowsPath: undefined,
    };
  }

  private async wholeSql(request: IncomingMessage, line: RequestLine): Promise<string> {
    const pieces: Buffer[] = [];
    for await (const piece of bodyPieces(request, this.limits.queryBytes, SQL_IN_BODY))
      pieces.push(piece);
    const body = Buffer.concat(pieces);
    const contentType = request.headers['content-type'] ?? '';
    if (contentType.startsWith('multipart/form-data')) {
      await acceptMultipart(line, contentType, body);
      return asLatin1(line.query);
    }
    const parts = [asLatin1(line.query), body.toString('latin1')];
    return parts.filter((part) => part !== '').join('\n');
  }

  /** The insert with its rows put into a file; undefined when the SQL brings no rows along, the pieces being untouched. */
  private async insert(
    sql: string,
    pieces: AsyncIterable<Buffer>,
  ): Promise<IncomingStatement | undefined> {
    const insert = insertOfRows(sql);
    if (insert === undefined) return undefined;
    statementOf(insert.head + insert.tail, this.maxExecutionSeconds);
    const rows = fromLatin1(sql.slice(insert.dataStart));
    const { path } = await this.files.write(chain(rows, pieces));
    const [head, tail] = [insert.head, insert.tail].map((part) => fromLatin1(part).toString());
    return {
      sql: `${head} FROM INFILE ${stringLiteral(path)} ${tail}`,
      lane: 'write',
      writes: true,
      format: undefined,
      rowsPath: path,
    };
  }
}
