import {
  type CarriedField,
  type CarriedKind,
  type CarriedValues,
  EVENT_FIELDS,
  type KindOf,
} from '#contracts';
import type { RowBinaryWriter } from './row-binary-writer.js';

type WriteFields = (writer: RowBinaryWriter, values: CarriedValues) => void;
type FieldOf<K extends CarriedKind> = {
  [F in CarriedField]: KindOf<F> extends K ? F : never;
}[CarriedField];

/** How fields of a kind that stand beside each other are written; a run of them is one call. */
const WRITES: { [K in CarriedKind]: (fields: FieldOf<K>[]) => WriteFields } = {
  text: nullableStrings,
  decimal: nullableStrings,
  status: nullableStrings,
  boolean: (fields) => (writer, values) => {
    for (const field of fields)
      writer.nullable(values[field], (value) => writer.uint8(value ? 1 : 0));
  },
  number: (fields) => (writer, values) => {
    for (const field of fields) writer.nullable(values[field], (value) => writer.float64(value));
  },
  list: (fields) => (writer, values) => {
    for (const field of fields) writer.strings(values[field]);
  },
  map: (fields) => (writer, values) => {
    for (const field of fields)
      writer.map(Object.entries(values[field]), (value) => writer.string(JSON.stringify(value)));
  },
};

function nullableStrings(fields: FieldOf<'text' | 'decimal' | 'status'>[]): WriteFields {
  return (writer, values) => {
    for (const field of fields) writer.nullableString(values[field]);
  };
}

/** Writes these fields in this order. */
export function writesOf(fields: readonly CarriedField[]): WriteFields[] {
  const runs: { write: (fields: never[]) => WriteFields; fields: CarriedField[] }[] = [];
  for (const field of fields) {
    const write = WRITES[EVENT_FIELDS[field].kind];
    const last = runs.at(-1);
    if (last?.write === write) last.fields.push(field);
    else runs.push({ write, fields: [field] });
  }
  return runs.map((run) => run.write(run.fields as never[]));
}
