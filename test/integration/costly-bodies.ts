import { gzipSync } from 'node:zlib';

export interface CostlyBody {
  body: Buffer;
  type: 'application/json' | 'application/x-ndjson';
  encoding?: 'gzip';
}

const MIB = 1024 * 1024;
const object = (entries: number, value = '0') =>
  `{${Array.from({ length: entries }, (_, n) => `"k${n}":${value}`).join(',')}}`;
const list = (items: number, value = '0') => `[${Array(items).fill(value).join(',')}]`;
const deep = (levels: number, open: string, close: string) =>
  `${open.repeat(levels)}1${close.repeat(levels)}`;

type OfBytes = (bytesMax: number) => string;
/** Values that cost whoever checks a field. */
const values: Record<string, OfBytes> = {
  'an object of very many keys': (bytesMax) => object(Math.floor(bytesMax / 12)),
  'a list of very many zeros': (bytesMax) => list(Math.floor(bytesMax / 2) - 1),
  'a list of very many objects': (bytesMax) => list(Math.floor(bytesMax / 3) - 1, '{}'),
};
const wholeBodies: Record<string, OfBytes> = {
  ...values,
  'an object of very many lists': (bytesMax) => object(Math.floor(bytesMax / 13), '[]'),
  'very deep lists': (bytesMax) => deep(Math.floor(bytesMax / 2) - 1, '[', ']'),
  'very deep objects': (bytesMax) => deep(Math.floor(bytesMax / 6) - 1, '{"a":', '}'),
  'brackets that never close': (bytesMax) => '['.repeat(bytesMax),
  'a very long string': (bytesMax) => `"${'x'.repeat(bytesMax - 2)}"`,
  'a very long key': (bytesMax) => `{"${'x'.repeat(bytesMax - 8)}":1}`,
  'a very long number': (bytesMax) => `[${'9'.repeat(bytesMax - 2)}]`,
  'escapes alone': (bytesMax) => `{"a":"${'\\u0041'.repeat(Math.floor(bytesMax / 6) - 2)}"}`,
  'one key over and over': (bytesMax) =>
    `{${Array(Math.floor(bytesMax / 6) - 1)
      .fill('"a":1')
      .join(',')}}`,
  'space alone': (bytesMax) => ' '.repeat(bytesMax),
  'quotes alone': (bytesMax) => '"'.repeat(bytesMax),
  'backslashes in a string': (bytesMax) => `"${'\\\\'.repeat(Math.floor(bytesMax / 2) - 1)}"`,
};

/** JSON that costs whoever parses, walks or explains it, of at most so many bytes. */
export function costlyJson(bytesMax: number): Record<string, string> {
  return written(wholeBodies, bytesMax);
}

/** Each costly value as the value of one field. */
export function costlyFields(field: string, bytesMax: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(written(values, bytesMax - field.length - 6)).map(([name, text]) => [
      `${field}: ${name}`,
      `{"${field}":${text}}`,
    ]),
  );
}

function written(kinds: Record<string, OfBytes>, bytesMax: number): Record<string, string> {
  const all = Object.entries(kinds).map(([name, of]) => [name, of(bytesMax)] as const);
  for (const [name, text] of all)
    if (text.length > bytesMax) throw new Error(`${name}: ${text.length} bytes`);
  return Object.fromEntries(all);
}

const event = (n: number) =>
  `{"id":"e${n}","customer":"ü","time":"2020-01-01T00:00:00Z","tags":${list(50, '"t"')},"properties":${object(50)}}`;
const events = (of: (n: number) => string, count = 1_000) =>
  Array.from({ length: count }, (_, n) => of(n));

/** Bodies for the door: JSON and lines, as they are up to `wireBytesMax`, packed up to 8 MiB. */
export function costlyEvents(wireBytesMax = MIB): Record<string, CostlyBody> {
  const unpackedMax = 8 * MIB;
  const lists: Record<string, string[]> = {
    '1,000 events of every field, all too old': events(event),
    '1,000 events of 255 unknown properties': events(() => `{"properties":${object(250, '[]')}}`),
    '1,000 events of 100 bad tags': events(() => `{"id":"x","tags":${list(100)}}`),
    '1,000 long keys': events((n) => `{"${'k'.repeat(8_000)}${n}":1}`),
    '1,000 conflicts': events((n) => `{"id":"same","properties":${object(50, String(n))}}`),
    '1,000 events eight levels deep': events(() => deep(8, '{"usage":', '}')),
    '1,000 long strings': events(() => `{"id":"${'x'.repeat(8_000)}"}`),
    '600,000 small events': events(() => '{"id":"x"}', 600_000),
    '100,000 properties': [`{"id":"x","properties":${object(100_000)}}`],
    '100,000 tags': [`{"id":"x","tags":${list(100_000, '"t"')}}`],
  };
  const texts = {
    ...costlyJson(unpackedMax),
    ...Object.fromEntries(
      Object.entries(lists).map(([name, items]) => [
        `${name}, listed`,
        `{"events":[${items.join(',')}]}`,
      ]),
    ),
    '100,000 properties alone': lists['100,000 properties']![0]!,
  };
  const lines = {
    ...Object.fromEntries(
      Object.entries(lists).map(([name, items]) => [`${name}, by line`, items.join('\n')]),
    ),
    'x by line': 'x\n'.repeat(unpackedMax / 2),
    'empty lines': '\n'.repeat(unpackedMax),
    'empty objects by line': '{}\n'.repeat(Math.floor(unpackedMax / 3)),
    'brackets by line': `${'['.repeat(8_000)}\n`.repeat(1_000),
  };
  const json = packed(texts, 'application/json', wireBytesMax);
  return { ...json, ...packed(lines, 'application/x-ndjson', wireBytesMax) };
}

/** Each text as it is where it fits, and packed. */
function packed(
  texts: Record<string, string>,
  type: CostlyBody['type'],
  wireBytesMax: number,
): Record<string, CostlyBody> {
  const bodies: [string, CostlyBody][] = Object.entries(texts).flatMap(([name, text]) => {
    const plain = Buffer.from(text);
    const small = plain.subarray(0, wireBytesMax);
    return [
      [`${name}, gzipped`, { body: gzipSync(plain, { level: 1 }), type, encoding: 'gzip' }],
      [small.length < plain.length ? `${name}, cut` : name, { body: small, type }],
    ];
  });
  return Object.fromEntries(bodies.filter(([, { body }]) => body.length <= wireBytesMax));
}
