import { ApiError } from '#http';

/** An item whose text could not be read; its neighbours can. */
export class UnreadableItem {
  constructor(readonly message: string) {}
}

export interface SplitBody {
  items: unknown[];
  /** One object stood alone: paths of fields need no index. */
  single: boolean;
}

/**
 * The items of a JSON body: one object, a bare array, or `{"events": [...]}`.
 * @throws ApiError 400 when the body as a whole cannot be read.
 */
export function splitJson(text: string): SplitBody {
  const body = parse(text);
  if (Array.isArray(body)) return { items: body, single: false };
  if (typeof body !== 'object' || body === null)
    throw new ApiError(
      400,
      'invalid_body',
      'the body must be an event, a list, or {"events": [...]}',
    );
  if (!Object.hasOwn(body, 'events')) return { items: [body], single: true };
  const { events } = body as { events: unknown };
  if (!Array.isArray(events)) throw fieldError('events', 'must be a list');
  const stranger = Object.keys(body).find((key) => key !== 'events');
  if (stranger !== undefined) throw fieldError(stranger, 'is not known beside "events"');
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

function parse(text: string): unknown {
  if (text.trim() === '') throw new ApiError(400, 'empty_body', 'the body is empty');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, 'malformed_json', `the body is not JSON: ${String(error)}`);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    return new UnreadableItem(`the line is not JSON: ${String(error)}`);
  }
}

function fieldError(field: string, problem: string): ApiError {
  return new ApiError(400, 'invalid_body', `${field} ${problem}`, [{ field, message: problem }]);
}
