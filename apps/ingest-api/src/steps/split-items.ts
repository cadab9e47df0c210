import {
  ITEM_BYTES_MAX,
  type ItemText,
  measureItem,
  parseItem,
  UnreadableItem,
} from './item-text.js';
import { type Refusal, sayableName } from './reading.js';
import {
  EMPTY_BODY,
  EVENT_TOO_LARGE,
  ITEMS_MAX,
  NO_EVENTS,
  TOO_MANY_EVENTS,
} from './refuse-request.js';

export interface SplitBody {
  items: unknown[];
  /** One object stood alone: paths of fields need no index. */
  single: boolean;
}

/** The items of a list, found one after another on its bytes, so that nothing is built of more than a request may have. */
export interface ItemTexts {
  /** Ends with a refusal where the body as a whole is none. */
  texts: Iterable<ItemText | Refusal>;
  /** What one that is no JSON costs: itself, or the body. */
  each: 'line' | 'part';
}

const COMMA = 0x2c;
const COLON = 0x3a;
const LINE_FEED = 0x0a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const EVENTS = Buffer.from('"events"');

/**
 * The items of a JSON body: one object, a bare array, or `{"events": [...]}`. Refused when the body as a whole cannot be
 * read. Of a list only the frame is held for JSON here; an item is when it is parsed.
 */
export function splitJson(bytes: Buffer): ItemTexts | SplitBody | Refusal {
  const start = skipSpace(bytes, 0);
  if (start === bytes.length) return EMPTY_BODY;
  const last = lastVisible(bytes, bytes.length);
  if (bytes[start] === OPEN_LIST) return splitList(bytes, start, last);
  const list = wrappedList(bytes, start);
  const listEnd = lastVisible(bytes, last);
  if (list !== -1 && bytes[last] === CLOSE_OBJECT && bytes[listEnd] === CLOSE_LIST)
    return splitList(bytes, list, listEnd);
  return splitObject(bytes, start, last);
}

/** One item a line; empty lines count for nothing. A line that is not JSON costs only itself. */
export function splitLines(bytes: Buffer): ItemTexts | Refusal {
  const start = skipSpace(bytes, 0);
  return start === bytes.length ? NO_EVENTS : { texts: findLines(bytes, start), each: 'line' };
}

function* findLines(bytes: Buffer, first: number): Iterable<ItemText | Refusal> {
  let start = first;
  for (let items = 0; start < bytes.length; items += 1) {
    if (items === ITEMS_MAX) return yield TOO_MANY_EVENTS;
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed === -1 ? bytes.length : feed;
    const text = measureItem(bytes, start, end);
    if (text === null || end - start > ITEM_BYTES_MAX) return yield EVENT_TOO_LARGE;
    yield { ...text, end };
    start = skipSpace(bytes, end);
  }
}

/** The list that opens at `start` and has to close at `last`. */
function splitList(bytes: Buffer, start: number, last: number): ItemTexts | Refusal {
  if (skipSpace(bytes, start + 1) === last && bytes[last] === CLOSE_LIST) return NO_EVENTS;
  return { texts: findParts(bytes, start, last), each: 'part' };
}

function* findParts(bytes: Buffer, start: number, last: number): Iterable<ItemText | Refusal> {
  let at = start;
  let items = 0;
  do {
    if (items === ITEMS_MAX) return yield TOO_MANY_EVENTS;
    const text = measureItem(bytes, at + 1, last + 1);
    if (text === null) return yield EVENT_TOO_LARGE;
    yield text;
    items += 1;
    at = text.end;
  } while (at <= last && bytes[at] === COMMA);
  if (at !== last || bytes[at] !== CLOSE_LIST) yield UNCLOSED;
}

/** Where the list opens in `{"events": [`, or -1: any other spelling is an object that is looked at whole. */
function wrappedList(bytes: Buffer, start: number): number {
  if (bytes[start] !== OPEN_OBJECT) return -1;
  const key = skipSpace(bytes, start + 1);
  const behind = key + EVENTS.length;
  if (!bytes.subarray(key, behind).equals(EVENTS)) return -1;
  const colon = skipSpace(bytes, behind);
  const list = skipSpace(bytes, colon + 1);
  return bytes[colon] === COLON && bytes[list] === OPEN_LIST ? list : -1;
}

/** A body that is no list: an event, or an object with "events" spelled in an unusual way, or neither. */
function splitObject(bytes: Buffer, start: number, last: number): SplitBody | Refusal {
  const text = measureItem(bytes, start, last + 1);
  if (text === null || last - start >= ITEM_BYTES_MAX) return EVENT_TOO_LARGE;
  const body = parseItem(bytes, { ...text, end: last + 1 }, 'utf8');
  if (body instanceof UnreadableItem && body.code === 'malformed_json') return body.refusal;
  if (Array.isArray(body) || typeof body !== 'object' || body === null)
    return refuseBody('the body must be an event, a list, or {"events": [...]}');
  if (!Object.hasOwn(body, 'events')) return { items: [body], single: true };
  const { events } = body as { events: unknown };
  if (!Array.isArray(events)) return refuseBody('must be a list', 'events');
  const stranger = Object.keys(body).find((key) => key !== 'events');
  if (stranger !== undefined)
    return refuseBody('is not known beside "events"', sayableName(stranger));
  return events.length === 0 ? NO_EVENTS : { items: events, single: false };
}

const UNCLOSED: Refusal = {
  code: 'malformed_json',
  message: 'the body is not JSON: its list does not end where it does',
  field: null,
};

function refuseBody(detail: string, field: string | null = null): Refusal {
  const message = field === null ? detail : `${field} ${detail}`;
  return { code: 'invalid_body', message, field, detail };
}

function skipSpace(bytes: Buffer, at: number): number {
  let next = at;
  while (isSpace(bytes[next])) next += 1;
  return next;
}

/** The place of the last byte before `end` that is no space. */
function lastVisible(bytes: Buffer, end: number): number {
  let last = end - 1;
  while (isSpace(bytes[last])) last -= 1;
  return last;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
