const TEXT = 'text/plain; charset=UTF-8';

/** First match wins, as `JSONEachRow` also begins with `JSON`. */
const TYPES: ReadonlyArray<readonly [RegExp, string]> = [
  [/^JSON(Compact|Strings|CompactStrings)?EachRow/, 'application/x-ndjson; charset=UTF-8'],
  [/^(JSON|GeoJSON)/, 'application/json; charset=UTF-8'],
  [/^(TabSeparated|TSV)/, 'text/tab-separated-values; charset=UTF-8'],
  [/^CSV/, 'text/csv; charset=UTF-8'],
  [/^XML$/, 'application/xml; charset=UTF-8'],
  [
    /^(RowBinary|Native|Parquet|Arrow|ORC|Avro|MsgPack|BSON|Protobuf|CapnProto|Npy|RawBLOB)/,
    'application/octet-stream',
  ],
];

/** The media type a server sends for an output format. */
export const contentTypeOf = (format: string): string =>
  TYPES.find(([pattern]) => pattern.test(format))?.[1] ?? TEXT;
