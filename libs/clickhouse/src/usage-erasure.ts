import type { ClickHouseClient } from './client.js';

/** Whose data is to go from usage, and what takes the place of the user's id. */
export interface ErasedSubject {
  project: string;
  customer: string | null;
  user: string | null;
  /** Names of properties. */
  properties: readonly string[];
  pseudonym: string;
  /** What was received later is of somebody new, and an end would never come to what goes on being used. */
  receivedTo: Date;
}

/** What of a table still says something about the subject. */
interface Remains {
  table: 'usage_raw' | 'usage_set_aside';
  /** Its month, as partitions are named. */
  month: string;
  /** Of the rows that still do. */
  where: (subject: ErasedSubject) => string;
  update: (subject: ErasedSubject) => string;
}

const OF_PROJECT = 'project = {project:String}';
const RECEIVED_TO = "fromUnixTimestamp64Milli({receivedTo:Int64}, 'UTC')";

/**
 * A column of the sort key, of a rollup or of a sum is never among those that are rewritten, so no sum by anything but the user and the
 * named properties changes, and the views hear nothing of it.
 */
const TABLES: readonly Remains[] = [
  {
    table: 'usage_raw',
    month: 'toString(toYYYYMM(event_time))',
    where: ({ user, customer }) =>
      [
        OF_PROJECT,
        `received_at <= ${RECEIVED_TO}`,
        ...(customer === null
          ? []
          : ["ifNull(customer, '') = {customer:String} AND isNotNull(customer)"]),
        user === null
          ? '(isNotNull(conversation) OR isNotNull(provider_response_id) OR hasAny(mapKeys(properties), {properties:Array(String)}))'
          : '`user` = {user:String}',
      ].join(' AND '),
    update: ({ user }) =>
      [
        'conversation = NULL',
        'provider_response_id = NULL',
        'properties = mapFilter((name, value) -> NOT has({properties:Array(String)}, name), properties)',
        ...(user === null ? [] : ['`user` = {pseudonym:String}']),
      ].join(', '),
  },
  {
    table: 'usage_set_aside',
    month: 'toString(toYYYYMM(origin_appended_at))',
    where: ({ user, customer }) =>
      [
        OF_PROJECT,
        `ifNull(received_at, origin_appended_at) <= ${RECEIVED_TO}`,
        "decided_as != 'repeat' AND payload_encoding = 'json'",
        ...(customer === null ? [] : ['position(payload, {quotedCustomer:String}) > 0']),
        ...(user === null ? [] : ['position(payload, {quotedUser:String}) > 0']),
      ].join(' AND '),
    update: () => "payload = '', payload_encoding = 'ended'",
  },
];

/**
 * Has the server rewrite the next month that still says something about the subject, in the background. True when none is left. A month
 * is begun only when nothing else is being rewritten in its table, so taking out repeated rows waits for one month at most. Repeated, also
 * after an end in the middle, it goes on where it was.
 */
export async function eraseFromUsage(
  client: ClickHouseClient,
  subject: ErasedSubject,
): Promise<boolean> {
  for (const remains of TABLES) {
    if (await isRewriting(client, remains.table)) return false;
    const month = await nextMonth(client, remains, subject);
    if (month === null) continue;
    await client.command({
      query: `ALTER TABLE ${remains.table} UPDATE ${remains.update(subject)} IN PARTITION ID '${month}' WHERE ${remains.where(subject)}`,
      query_params: parametersOf(subject),
    });
    return false;
  }
  return true;
}

async function isRewriting(client: ClickHouseClient, table: string): Promise<boolean> {
  const answer = await client.query({
    query:
      'SELECT count() > 0 FROM system.mutations WHERE database = currentDatabase() AND table = {table:String} AND NOT is_done',
    query_params: { table },
    format: 'JSONCompactEachRow',
  });
  const [row] = await answer.json<[0 | 1 | boolean]>();
  return Boolean(row?.[0]);
}

async function nextMonth(
  client: ClickHouseClient,
  { table, month, where }: Remains,
  subject: ErasedSubject,
): Promise<string | null> {
  const answer = await client.query({
    query: `SELECT ${month} AS month FROM ${table} WHERE ${where(subject)} LIMIT 1`,
    query_params: parametersOf(subject),
    format: 'JSONEachRow',
  });
  const [row] = await answer.json<{ month: string }>();
  if (row === undefined) return null;
  if (!/^\d{6}$/.test(row.month)) throw new Error(`not a month: ${row.month}`);
  return row.month;
}

function parametersOf({
  project,
  customer,
  user,
  properties,
  pseudonym,
  receivedTo,
}: ErasedSubject) {
  return {
    project,
    receivedTo: receivedTo.getTime(),
    customer: customer ?? '',
    user: user ?? '',
    properties: [...properties],
    pseudonym,
    quotedCustomer: JSON.stringify(customer),
    quotedUser: JSON.stringify(user),
  };
}
