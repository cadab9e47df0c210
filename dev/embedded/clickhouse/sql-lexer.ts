/** A piece of SQL that is neither blank nor comment. Positions count characters of the source. */
export interface SqlToken {
  /** `word` is a bare keyword, identifier or number; a quoted identifier is `quoted`. */
  kind: 'word' | 'quoted' | 'string' | 'symbol';
  text: string;
  start: number;
  end: number;
  /** Number of open brackets around it. */
  depth: number;
}

const BLANK_OR_COMMENT = /(?:\s+|--[^\n]*(?:\n|$)|#[ !][^\n]*(?:\n|$)|\/\*[^]*?(?:\*\/|$))+/y;
const WORD = /[A-Za-z0-9_\u0080-\uffff]+/y;
const HEREDOC = /(\$[A-Za-z0-9_]*\$)[^]*?(?:\1|$)/y;

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source)?.[0];
}

/** End of the quoted text that starts here: backslash escapes, and a doubled quote is a quote. By hand, as it may be megabytes. */
function endOfQuoted(source: string, start: number): number {
  const quote = source.charAt(start);
  let at = start + 1;
  while (at < source.length) {
    const character = source.charAt(at);
    if (character === '\\') at += 2;
    else if (character !== quote) at += 1;
    else if (source.charAt(at + 1) === quote) at += 2;
    else return at + 1;
  }
  return source.length;
}

function tokenAt(source: string, start: number, depth: number): SqlToken {
  const piece = (kind: SqlToken['kind'], text: string): SqlToken => ({
    kind,
    text,
    start,
    end: start + text.length,
    depth,
  });
  const word = matchAt(WORD, source, start);
  if (word !== undefined) return piece('word', word);
  const first = source.charAt(start);
  if (first === "'" || first === '"' || first === '`')
    return piece(
      first === "'" ? 'string' : 'quoted',
      source.slice(start, endOfQuoted(source, start)),
    );
  const heredoc = matchAt(HEREDOC, source, start);
  if (heredoc !== undefined) return piece('string', heredoc);
  return piece('symbol', first);
}

/**
 * The tokens of ClickHouse SQL, one by one, so that a reader can stop where the rows of an INSERT begin. It never fails: text
 * that is not SQL comes out as symbols, and an open quote as a string up to the end.
 */
export function* sqlTokens(source: string, from = 0): Generator<SqlToken, void> {
  let at = from;
  let depth = 0;
  for (;;) {
    at += matchAt(BLANK_OR_COMMENT, source, at)?.length ?? 0;
    if (at >= source.length) return;
    const token = tokenAt(source, at, depth);
    if (token.text === '(' || token.text === '[' || token.text === '{') depth += 1;
    if (token.text === ')' || token.text === ']' || token.text === '}') {
      depth = Math.max(0, depth - 1);
      token.depth = depth;
    }
    yield token;
    at = token.end;
  }
}

/** The keyword a token stands for, in capitals; empty when it is quoted or a symbol. */
export const keywordOf = (token: SqlToken | undefined): string =>
  token?.kind === 'word' ? token.text.toUpperCase() : '';
