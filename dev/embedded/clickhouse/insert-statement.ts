import { keywordOf, sqlTokens, type SqlToken } from './sql-lexer.js';

/** An INSERT that brings its rows along, taken apart so that the rows can be handed over in a file. */
export interface InsertOfRows {
  /** Up to where the source of the rows is named. */
  head: string;
  /** From SETTINGS or FORMAT up to and including the format. */
  tail: string;
  /** Where the rows begin in the source. */
  dataStart: number;
}

/** Skips what a server skips between the format's name and the rows: blanks, then at most one line end. */
function startOfRows(source: string, afterFormat: number): number {
  const skipped = /[ \t\f]*\r?\n?/y;
  skipped.lastIndex = afterFormat;
  return afterFormat + (skipped.exec(source)?.[0].length ?? 0);
}

/** Consumes `INTO [TABLE] [FUNCTION] <name>` so that a table called `format` is not taken for the clause. */
function skipTarget(tokens: Iterator<SqlToken, void>): SqlToken | undefined {
  const next = (): SqlToken | undefined => tokens.next().value ?? undefined;
  let token = next();
  while (['INTO', 'TABLE', 'FUNCTION'].includes(keywordOf(token))) token = next();
  token = next();
  while (token?.text === '.') {
    next();
    token = next();
  }
  return token;
}

/**
 * Reads an INSERT up to its rows. Undefined when it brings none (INSERT ... SELECT), or ends before it names their format.
 *
 * @param source SQL that begins with INSERT; what follows the format's name is never looked at
 */
export function insertOfRows(source: string): InsertOfRows | undefined {
  const tokens = sqlTokens(source);
  tokens.next();
  let settingsStart: number | undefined;
  for (
    let token = skipTarget(tokens);
    token !== undefined;
    token = tokens.next().value ?? undefined
  ) {
    if (token.depth > 0) continue;
    const keyword = keywordOf(token);
    if (keyword === 'SELECT' || keyword === 'WITH' || keyword === 'FROM') return undefined;
    if (keyword === 'SETTINGS') settingsStart ??= token.start;
    if (keyword === 'VALUES') {
      const head = source.slice(0, settingsStart ?? token.start);
      const settings = source.slice(settingsStart ?? token.start, token.start);
      return { head, tail: `${settings}FORMAT Values`, dataStart: token.end };
    }
    if (keyword === 'FORMAT') {
      const format = tokens.next().value ?? undefined;
      if (format === undefined) return undefined;
      const tailStart = settingsStart ?? token.start;
      return {
        head: source.slice(0, tailStart),
        tail: source.slice(tailStart, format.end),
        dataStart: startOfRows(source, format.end),
      };
    }
  }
  return undefined;
}
