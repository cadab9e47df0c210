import {
  EVENT_FIELD_NAMES,
  EVENT_FIELDS,
  type EventField,
  type KindOf,
  type ValueOf,
} from './event-fields.js';

/**
 * A usage event as its caller sent it, with an id in any case: nulls are left out, and `time` is brought to
 * RFC 3339 in UTC with milliseconds, because a time without a zone is UTC and JavaScript thinks otherwise.
 */
export type UsageEvent = { id: string } & { [F in Exclude<EventField, 'id'>]?: ValueOf<F> };

/** The fields that the pipe itself lives by: who an event is, when it happened, and what is priced of it. */
const PIPE_FIELDS = ['id', 'source', 'type', 'time', 'usage'] as const satisfies EventField[];

/** All other fields: they go along as they were sent, into their columns. */
export type CarriedField = Exclude<EventField, (typeof PIPE_FIELDS)[number]>;
export type CarriedKind = KindOf<CarriedField>;

export const CARRIED_FIELDS = EVENT_FIELD_NAMES.filter(
  (field): field is CarriedField => !(PIPE_FIELDS as readonly string[]).includes(field),
);

/** What is known of the carried fields; a list or map that was not sent is empty. */
export type CarriedValues = {
  [F in CarriedField]: ValueOf<F> | (KindOf<F> extends 'list' | 'map' ? never : null);
};

/** Nothing of it was sent. To be copied, not changed. */
export const NOTHING_CARRIED = Object.fromEntries(
  CARRIED_FIELDS.map((field) => [field, absentOf(EVENT_FIELDS[field].kind)]),
) as CarriedValues;

function absentOf(kind: CarriedKind): [] | object | null {
  if (kind === 'list') return [];
  return kind === 'map' ? {} : null;
}
