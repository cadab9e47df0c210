import { EVENT_FIELD_NAMES, EVENT_FIELDS, type FieldKind, USAGE_FIELDS } from '#contracts';
import type { ScannedBody, ScannedEvent } from '../../dialect.js';
import { refuseTime } from '../../steps/read-time.js';
import { ITEMS_MAX } from '../../steps/refuse-request.js';
import { FieldTable, hashStep } from './field-table.js';
import { CANONICAL_TIME_LENGTH, scanTime } from './scan-time.js';
import {
  scanBoolean,
  scanDecimal,
  scanString,
  scanWhole,
  scanWord,
  skipSpace,
} from './scan-values.js';

type Kind = FieldKind | 'source';

/** How each field is checked here: by its kind; the source is remembered as well. */
const KINDS: Kind[] = EVENT_FIELD_NAMES.map((field) =>
  field === 'source' ? 'source' : EVENT_FIELDS[field].kind,
);
const FIELDS = new FieldTable(EVENT_FIELD_NAMES);
const COUNTS = new FieldTable(USAGE_FIELDS);

const TEXT_LENGTH_MAX = 256;
/** Space between tokens is kept with the text: more of it than this is not carried into the log. */
const EVENT_LENGTH_MAX = 16 * 1024;

const EVENTS_KEY = Buffer.from('{"events":');
const OK = Buffer.from('"ok"');
const ERROR = Buffer.from('"error"');
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * Reads a body of events in one pass over its bytes, without building objects.
 * It vouches only for what JSON.parse and the compiled schema accept unchanged; for everything else it returns null, and
 * the body takes the full way, which also finds the words for what is wrong.
 * @param bytes ASCII only; `text` is the same.
 */
export function scanEvents(bytes: Buffer, text: string, receivedAtMs: number): ScannedBody | null {
  const scan = new EventScan(bytes, text, receivedAtMs);
  const start = skipSpace(bytes, 0);
  const wrapped = scanWord(bytes, start, EVENTS_KEY);
  let end: number;
  if (wrapped !== -1) {
    end = scan.list(skipSpace(bytes, wrapped));
    if (end === -1) return null;
    end = skipSpace(bytes, end);
    end = bytes[end] === CLOSE_OBJECT ? end + 1 : -1;
  } else {
    end = bytes[start] === OPEN_LIST ? scan.list(start) : scan.event(start);
  }
  if (end === -1 || skipSpace(bytes, end) !== bytes.length) return null;
  const single = wrapped === -1 && bytes[start] !== OPEN_LIST;
  return { events: scan.events, single };
}

class EventScan {
  readonly events: ScannedEvent[] = [];
  private id: string | undefined;
  private source: string | undefined;

  constructor(
    private readonly bytes: Buffer,
    private readonly text: string,
    private readonly receivedAtMs: number,
  ) {}

  list(start: number): number {
    const { bytes } = this;
    if (bytes[start] !== OPEN_LIST) return -1;
    let at = start;
    do {
      at = this.event(skipSpace(bytes, at + 1));
      if (at === -1) return -1;
      at = skipSpace(bytes, at);
    } while (bytes[at] === COMMA);
    return bytes[at] === CLOSE_LIST ? at + 1 : -1;
  }

  /** -1 also for more events than a request may have. */
  event(start: number): number {
    if (this.events.length === ITEMS_MAX) return -1;
    this.id = undefined;
    this.source = undefined;
    const end = this.object(start, FIELDS, false);
    if (end === -1 || end - start > EVENT_LENGTH_MAX) return -1;
    this.events.push({ id: this.id, source: this.source, json: this.text.slice(start, end) });
    return end;
  }

  /** At least one field, each of them known. A name that stands twice counts by its last value, as in JSON.parse. */
  private object(start: number, fields: FieldTable, counts: boolean): number {
    const { bytes } = this;
    if (bytes[start] !== OPEN_OBJECT) return -1;
    let at = start;
    do {
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== QUOTE) return -1;
      const name = at + 1;
      let hash = 0;
      for (at = name; at < bytes.length && bytes[at] !== QUOTE; at += 1)
        hash = hashStep(hash, bytes[at]!);
      const field = fields.find(bytes, name, at, hash);
      if (field === -1) return -1;
      at = skipSpace(bytes, at + 1);
      if (bytes[at] !== COLON) return -1;
      at = skipSpace(bytes, at + 1);
      at = counts ? scanWhole(bytes, at) : this.value(KINDS[field]!, at);
      if (at === -1) return -1;
      at = skipSpace(bytes, at);
    } while (bytes[at] === COMMA);
    return bytes[at] === CLOSE_OBJECT ? at + 1 : -1;
  }

  private value(kind: Kind, at: number): number {
    const { bytes, text } = this;
    switch (kind) {
      case 'text':
        return scanString(bytes, at, TEXT_LENGTH_MAX);
      case 'usage':
        return this.object(at, COUNTS, true);
      case 'id': {
        const end = scanString(bytes, at, TEXT_LENGTH_MAX);
        if (end === -1 || end === at + 2) return -1;
        this.id = text.slice(at + 1, end - 1);
        return end;
      }
      case 'source': {
        const end = scanString(bytes, at, TEXT_LENGTH_MAX);
        if (end === -1) return -1;
        this.source = text.slice(at + 1, end - 1);
        return end;
      }
      case 'time':
        return this.time(at);
      case 'number':
        return scanDecimal(bytes, at);
      case 'boolean':
        return scanBoolean(bytes, at);
      case 'status':
        return scanWord(bytes, at, bytes[at + 1] === OK[1] ? OK : ERROR);
      // What is sent seldom, or needs more than a look, is left to the schema.
      case 'decimal':
      case 'list':
      case 'map':
        return -1;
    }
  }

  private time(at: number): number {
    const end = at + CANONICAL_TIME_LENGTH + 2;
    if (this.bytes[at] !== QUOTE || this.bytes[end - 1] !== QUOTE) return -1;
    const timeMs = scanTime(this.bytes, at + 1);
    return Number.isNaN(timeMs) || refuseTime(timeMs, this.receivedAtMs) !== null ? -1 : end;
  }
}
