import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';
import { keywordOf, type SqlToken } from './sql-lexer.js';

/** Functions that read or write what is not in the engine: files, other servers, programs. Both spellings of a case count. */
export const REACHING_FUNCTIONS: ReadonlySet<string> = new Set(
  (
    'file filecluster filesystem fileset url urlcluster urlwithheaders s3 s3cluster gcs oss cosn hdfs hdfscluster ' +
    'azureblobstorage azureblobstoragecluster remote remotesecure cluster clusterallreplicas mysql postgresql sqlite ' +
    'odbc jdbc mongodb redis executable python dictionary disk catboostevaluate modelevaluate ytsaurus arrowflight ' +
    'arrow_flight prometheusquery prometheusqueryrange timeseriesselector timeseriesdata timeseriestags ' +
    'timeseriesmetrics iceberg icebergs3 icebergazure iceberghdfs iceberglocal icebergcluster icebergs3cluster ' +
    'icebergazurecluster iceberghdfscluster iceberglocalcluster deltalake deltalakes3 deltalakeazure deltalakelocal ' +
    'deltalakecluster deltalakes3cluster deltalakeazurecluster hudi hudicluster paimon paimons3 paimonazure ' +
    'paimonhdfs paimonlocal paimoncluster paimons3cluster paimonazurecluster paimonhdfscluster hive input loop ' +
    'mergetreeindex mergetreeprojection eval arrowstream merge hascolumnintable'
  ).split(' '),
);

/** What a table or database may be made of: parts on the engine's own disk, memory, and views of other tables. */
const OWN_ENGINES =
  /^(?:(?:Replicated)?\w*MergeTree|Memory|Log|TinyLog|StripeLog|Null|Set|View|MaterializedView|Atomic|Ordinary)$/i;

/** The database of requests that name none. */
export const MAIN_DATABASE = 'main';

const nameOf = (token: SqlToken | undefined): string =>
  token?.kind === 'quoted' ? token.text.slice(1, -1) : (token?.text ?? '');

const refuse = (what: string): never => {
  throw ClickHouseException.of(
    ErrorCode.ACCESS_DENIED,
    `Not enough privileges: ${what} reaches out of the engine.`,
  );
};

/**
 * A statement works on the engine's own tables and on the rows that came with it. Names count quoted as well; one with an
 * escape could be any, so there is none.
 *
 * @throws ClickHouseException 497
 */
export function refuseReachingOut(tokens: readonly SqlToken[]): void {
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1];
    const name = nameOf(token);
    if (next?.text === '(' && token.kind !== 'string') {
      if (REACHING_FUNCTIONS.has(name.toLowerCase())) refuse(`${name}()`);
      if (keywordOf(token) === 'SOURCE') refuse('a dictionary');
    }
    if (token.kind === 'quoted' && token.text.includes('\\')) refuse('a name with an escape');
    // The engine's database `default` opens every file as a table of its name; `main` takes its place.
    if (next?.text === '.' && name.toLowerCase() === 'default') refuse('the database default');
    if (
      token.text === '{' &&
      tokens[index + 2]?.text === ':' &&
      nameOf(tokens[index + 3]) === 'Identifier'
    )
      refuse('a name that comes as a parameter');
    if (keywordOf(token) === 'ENGINE') {
      const engine = nameOf(next?.text === '=' ? tokens[index + 2] : next);
      const isClause = next?.text === '=' || (next?.kind !== 'symbol' && next !== undefined);
      if (isClause && !OWN_ENGINES.test(engine)) refuse(`the engine ${engine}`);
    }
  }
}
