import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';
import { refuseReachingOut } from './refuse-reaching-out.js';
import { keywordOf, sqlTokens, type SqlToken } from './sql-lexer.js';

/** One SQL statement, checked for what this face lets through. */
export interface Statement {
  sql: string;
  /** First keyword, in capitals. */
  verb: string;
  /** Format named in the statement itself. */
  format: string | undefined;
}

const VERBS = new Set(
  (
    'SELECT WITH FROM VALUES SHOW DESCRIBE DESC EXPLAIN EXISTS CHECK INSERT CREATE ALTER DROP RENAME EXCHANGE ' +
    'TRUNCATE OPTIMIZE ATTACH DETACH UNDROP DELETE UPDATE REPLACE SYSTEM ('
  ).split(' '),
);

/** Statements that a server honours and the embedded engine cannot, with the reason. */
const REFUSED_VERBS: ReadonlyMap<string, string> = new Map([
  ['KILL', 'KILL hangs the embedded engine; bound the query by max_execution_time instead'],
  ['SET', 'SET has nothing to last for: there are no HTTP sessions here; send settings in the URL'],
  ['USE', 'USE has nothing to last for: there are no HTTP sessions here; send ?database='],
  ['GRANT', 'the embedded engine has one user and no grants'],
  ['REVOKE', 'the embedded engine has one user and no grants'],
  ['BACKUP', 'the embedded engine takes no backups'],
  ['RESTORE', 'the embedded engine takes no backups'],
  ['BEGIN', 'the embedded engine has no transactions'],
  ['COMMIT', 'the embedded engine has no transactions'],
  ['ROLLBACK', 'the embedded engine has no transactions'],
]);

const ACCESS_ENTITIES = new Set(['USER', 'ROLE', 'QUOTA', 'ROW', 'POLICY', 'PROFILE']);

const notSupported = (reason: string): ClickHouseException =>
  ClickHouseException.of(ErrorCode.NOT_IMPLEMENTED, `Not supported here: ${reason}.`);

const syntaxError = (reason: string): ClickHouseException =>
  ClickHouseException.of(ErrorCode.SYNTAX_ERROR, `Syntax error: ${reason}.`);

function refuseVerb(tokens: readonly SqlToken[]): void {
  const [first, second, third] = tokens;
  const verb = keywordOf(first) || first?.text || '';
  const refusal = REFUSED_VERBS.get(verb);
  if (refusal !== undefined) throw notSupported(refusal);
  if (!VERBS.has(verb))
    throw syntaxError(`failed at position 1: '${first?.text}' does not begin a statement`);
  const entity = keywordOf(second) === 'SETTINGS' ? keywordOf(third) : keywordOf(second);
  if (['CREATE', 'ALTER', 'DROP'].includes(verb) && ACCESS_ENTITIES.has(entity))
    throw notSupported('the embedded engine has one user and no access rules');
  if (verb === 'SYSTEM' && ['SHUTDOWN', 'KILL'].includes(keywordOf(second)))
    throw notSupported('the process is stopped by SIGTERM');
}

/** Statements reach files of this machine only through what the client program does itself: those forms a server refuses too. */
function refuseClientFiles(tokens: readonly SqlToken[]): void {
  for (const [index, token] of tokens.entries()) {
    const pair = `${keywordOf(token)} ${keywordOf(tokens[index + 1])}`;
    if (pair === 'INTO OUTFILE' || pair === 'FROM INFILE')
      throw notSupported(`${pair} belongs to the command-line client`);
  }
}

/** `input()` would read rows that the engine, getting them in a file, does not offer: it would store nothing in silence. */
function refuseInput(tokens: readonly SqlToken[]): void {
  if (keywordOf(tokens[0]) !== 'INSERT') return;
  if (tokens.some((token, at) => keywordOf(token) === 'INPUT' && tokens[at + 1]?.text === '('))
    throw notSupported('INSERT ... SELECT FROM input()');
}

function formatOf(tokens: readonly SqlToken[]): string | undefined {
  const clause = tokens.findLastIndex(
    (token) => token.depth === 0 && keywordOf(token) === 'FORMAT',
  );
  const name = clause < 1 ? undefined : tokens[clause + 1];
  return name?.kind === 'word' ? name.text : undefined;
}

/** Settings that a statement's own SETTINGS clause may not use to get around what the face promises. */
function refuseInnerSettings(tokens: readonly SqlToken[], maxExecutionSeconds: number): void {
  for (const [index, token] of tokens.entries()) {
    if (tokens[index + 1]?.text !== '=') continue;
    const value = Number(tokens[index + 2]?.text.replaceAll("'", ''));
    if (token.text === 'async_insert' && value !== 0)
      throw notSupported('inserts are answered when they are stored; async_insert must be 0');
    if (token.text === 'max_execution_time' && !(value > 0 && value <= maxExecutionSeconds))
      throw ClickHouseException.of(
        ErrorCode.SETTING_CONSTRAINT_VIOLATION,
        `Setting max_execution_time should be above 0 and at most ${maxExecutionSeconds}.`,
      );
  }
}

/**
 * Checks that the text is exactly one statement that this face can honour.
 *
 * @throws ClickHouseException: empty, several statements, not a statement, or one that is refused with its reason
 */
export function statementOf(text: string, maxExecutionSeconds: number): Statement {
  const tokens = [...sqlTokens(text)];
  const end = tokens.findIndex((token) => token.text === ';');
  const own = end < 0 ? tokens : tokens.slice(0, end);
  if (own.length === 0) throw syntaxError('Empty query');
  if (end >= 0 && tokens.slice(end).some((token) => token.text !== ';'))
    throw syntaxError('Multi-statements are not allowed');
  refuseVerb(own);
  refuseClientFiles(own);
  refuseInput(own);
  refuseReachingOut(own);
  refuseInnerSettings(own, maxExecutionSeconds);
  return {
    sql: text.slice(own[0]?.start, own.at(-1)?.end),
    verb: keywordOf(own[0]) || 'SELECT',
    format: formatOf(own),
  };
}
