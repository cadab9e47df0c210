import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';
import { isSettingName } from './set-clause.js';

/** What the URL and headers of a request say. Fields of a multipart body count as if they stood in the URL. */
export interface RequestLine {
  /** SQL from the URL; the body continues it. */
  query: string;
  queryId: string | undefined;
  database: string | undefined;
  defaultFormat: string;
  /** Settings named in the URL, by name. */
  settings: Map<string, string>;
  /** Values of `param_<name>`, by name. */
  parameters: Map<string, string>;
}

/** Parameters of the HTTP interface that mean nothing here: answers are always complete before the first byte leaves. */
const IGNORED = new Set(
  'user password quota_key stacktrace buffer_size wait_end_of_query close_session session_timeout session_check'.split(
    ' ',
  ),
);

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['session_id', 'every request is on its own: there are no HTTP sessions'],
  ['role', 'the embedded engine has one user and no roles'],
  ['compress', 'native block compression; use Accept-Encoding with enable_http_compression=1'],
  ['decompress', 'native block compression; use Content-Encoding'],
]);

function refuse(reason: string): never {
  throw ClickHouseException.of(ErrorCode.NOT_IMPLEMENTED, `Not supported here: ${reason}.`);
}

function acceptSetting(line: RequestLine, name: string, value: string): void {
  if (!isSettingName(name))
    throw ClickHouseException.of(ErrorCode.UNKNOWN_SETTING, `Unknown setting '${name}'.`);
  if (name === 'async_insert' && !['0', 'false'].includes(value.toLowerCase()))
    refuse('inserts are answered when they are stored; async_insert must be 0');
  line.settings.set(name, value);
}

/** Puts one URL parameter where it belongs. @throws ClickHouseException for one that cannot be honoured */
export function acceptParameter(line: RequestLine, name: string, value: string): void {
  const refusal = REFUSED.get(name);
  if (refusal !== undefined && value !== '' && value !== '0') refuse(refusal);
  if (refusal !== undefined || IGNORED.has(name)) return;
  if (name.startsWith('param_')) {
    const bare = name.slice('param_'.length);
    if (!isSettingName(bare))
      throw ClickHouseException.of(
        ErrorCode.BAD_ARGUMENTS,
        `Query parameter '${bare}' has a name that cannot be used.`,
      );
    line.parameters.set(bare, value);
  } else if (name === 'query') line.query += value;
  else if (name === 'query_id') line.queryId = value || undefined;
  else if (name === 'database') line.database = value || undefined;
  else if (name === 'default_format') line.defaultFormat = value;
  else acceptSetting(line, name, value);
}

/** Reads the URL and headers. @throws ClickHouseException for a parameter that cannot be honoured */
export function requestLineOf(url: URL, headers: IncomingHttpHeaders): RequestLine {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const line: RequestLine = {
    query: '',
    queryId: header('x-clickhouse-query-id'),
    database: header('x-clickhouse-database'),
    defaultFormat: header('x-clickhouse-format') ?? 'TabSeparated',
    settings: new Map(),
    parameters: new Map(),
  };
  for (const [name, value] of url.searchParams) acceptParameter(line, name, value);
  return line;
}
