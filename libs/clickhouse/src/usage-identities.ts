import type { ClickHouseClient } from './client.js';

/** Of one question: so few that its deadline is far away even where each is a read from a slow disk. */
const LOOKUP_IDENTITIES_MAX = 2_000;
const LOOKUP_SECONDS_MAX = 10;
const PAGE_SECONDS_MAX = 10;
/** The server ends a question by itself; a server that does not answer at all is waited for a little longer. */
const ANSWER_MS_MAX = 2_000;
const PREFIX_BYTES = 8;
const HEX = /^[0-9a-f]{32}$/;

/*
 * A server that fails midway may end its answer as if it were whole, and whoever misses an identity counts twice.
 * So every answer here is one array, which is whole or none.
 */

/**
 * The content hashes of those identities that are stored, by identity (both 32 hex digits).
 * Rows of the plan `exceptPlan` are left out: a plan that is decided again must not take its own rows for repeats.
 */
export async function findIdentities(
  client: ClickHouseClient,
  {
    partition,
    identities,
    exceptPlan,
  }: { partition: number; identities: string[]; exceptPlan: string | null },
): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (let start = 0; start < identities.length; start += LOOKUP_IDENTITIES_MAX) {
    const chunk = identities.slice(start, start + LOOKUP_IDENTITIES_MAX);
    const answer = await client.query({
      // They stand in the body because thousands of them do not fit a URL, and as one text because the server is slow to
      // read thousands; `digitsOf` lets nothing but hex digits through.
      query: `
        SELECT groupArray((lower(hex(identity)), lower(hex(content))))
        FROM usage_identities
        WHERE origin_partition = {partition:UInt16} AND plan_token != {exceptPlan:String}
          AND identity IN (
            SELECT toFixedString(substring(unhex('${chunk.map(digitsOf).join('')}'), number * 16 + 1, 16), 16)
            FROM numbers({count:UInt32})
          )`,
      query_params: { partition, exceptPlan: exceptPlan ?? '', count: chunk.length },
      format: 'JSONCompactEachRow',
      ...deadlineOf(LOOKUP_SECONDS_MAX),
    });
    const [row] = await answer.json<[[string, string][]]>();
    if (row === undefined) throw new Error('an answer about identities was cut off');
    for (const [identity, content] of row[0]) found.set(identity, content);
  }
  return found;
}

/** The first 8 bytes of stored identities, one after the other. */
export interface IdentityPage {
  prefixes: Buffer;
  /** Nothing is stored beyond it. */
  isLast: boolean;
}

/**
 * The stored identities of a partition whose first 8 bytes are `from` or above, the lowest of them, `identitiesMax` at the
 * most. Read in the order of the table, so its cost does not grow with what is stored.
 */
export async function readIdentityPage(
  client: ClickHouseClient,
  { partition, from, identitiesMax }: { partition: number; from: bigint; identitiesMax: number },
): Promise<IdentityPage> {
  const { stream } = await client.exec({
    query: `
      SELECT groupArray(reinterpretAsUInt64(identity))
      FROM (
        SELECT identity FROM usage_identities
        WHERE origin_partition = {partition:UInt16} AND identity >= unhex({from:String})
        ORDER BY identity LIMIT {identitiesMax:UInt32}
      )
      FORMAT RowBinary`,
    query_params: {
      partition,
      from: from.toString(16).padStart(16, '0').padEnd(32, '0'),
      identitiesMax,
    },
    ...deadlineOf(PAGE_SECONDS_MAX),
  });
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const prefixes = arrayOf(Buffer.concat(chunks));
  return { prefixes, isLast: prefixes.length < identitiesMax * PREFIX_BYTES };
}

/** The values of an array of 8-byte numbers in RowBinary: their number in digits of 7 bits, the lowest first, and then they. */
function arrayOf(bytes: Buffer): Buffer {
  const lastDigit = bytes.findIndex((byte) => byte < 0x80);
  const digits = [...bytes.subarray(0, lastDigit + 1)];
  const length = digits.reduce((sum, digit, at) => sum + (digit % 0x80) * 0x80 ** at, 0);
  const values = bytes.subarray(lastDigit + 1);
  if (lastDigit === -1 || values.length !== length * PREFIX_BYTES)
    throw new Error(`a page of ${length} identities came as ${bytes.length} bytes`);
  return values;
}

function deadlineOf(secondsMax: number) {
  return {
    clickhouse_settings: { max_execution_time: secondsMax },
    abort_signal: AbortSignal.timeout(secondsMax * 1_000 + ANSWER_MS_MAX),
  };
}

function digitsOf(identity: string): string {
  if (!HEX.test(identity)) throw new Error(`not an identity: ${identity}`);
  return identity;
}
