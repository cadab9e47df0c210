import { ApiError } from '#http';

/** A position in a list as text that nobody has to understand. It says where to go on, never whose list it is. */
export function writeCursor(position: unknown): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws ApiError 400 for what no answer of ours ever had as its `next_cursor`. */
export function readCursor<T>(text: string, isPosition: (value: unknown) => value is T): T {
  const position = parseJson(Buffer.from(text, 'base64url').toString());
  if (isPosition(position)) return position;
  const message = 'must be the next_cursor of an earlier answer to the same question';
  throw new ApiError(400, 'invalid_cursor', `cursor ${message}`, [{ field: 'cursor', message }]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
