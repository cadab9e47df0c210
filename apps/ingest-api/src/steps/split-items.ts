import type { Refusal } from './reading.js';
import { EMPTY_BODY } from './refuse-request.js';

/** An item whose text could not be read; its neighbours can. */
export class UnreadableItem {
  constructor(readonly message: string) {}
}

export interface SplitBody {
  items: unknown[];
  /** One object stood alone: paths of fields need no index. */
  single: boolean;
}

/** The items of a JSON body: one object, a bare array, or `{"events": [...]}`. Refused when the body as a whole cannot be read. */
export function splitJson(text: string): SplitBody | Refusal {
  if (text.trim() === '') return EMPTY_BODY;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    const message = `the body is not JSON: ${String(error)}`;
    return { code: 'malformed_json', message, field: null };
  }
  if (Array.isArray(body)) return { items: body, single: false };
  if (typeof body !== 'object' || body === null)
    return {
      code: 'invalid_body',
      message: 'the body must be an event, a list, or {"events": [...]}',
      field: null,
    };
  if (!Object.hasOwn(body, 'events')) return { items: [body], single: true };
  const { events } = body as { events: unknown };
  if (!Array.isArray(events)) return refuseField('events', 'must be a list');
  const stranger = Object.keys(body).find((key) => key !== 'events');
  if (stranger !== undefined) return refuseField(stranger, 'is not known beside "events"');
  return { items: events, single: false };
}

/** One item a line; empty lines count for nothing. A line that is not JSON costs only itself. */
export function splitLines(text: string): SplitBody {
  const items = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseLine);
  return { items, single: false };
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    return new UnreadableItem(`the line is not JSON: ${String(error)}`);
  }
}

function refuseField(field: string, detail: string): Refusal {
  return { code: 'invalid_body', message: `${field} ${detail}`, field, detail };
}
