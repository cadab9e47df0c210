import { ALERT_RAISED_SCHEMA, type AlertRaised, type AlertSource } from '#contracts';

export type ReadAlert = { alert: AlertRaised } | { refused: string };

/** What JSON can say and PostgreSQL's cannot: a NUL, or half of a surrogate pair. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** One record of `alerts.raised`, or why it is none. */
export function readAlert(value: Buffer, headers: Record<string, string>): ReadAlert {
  const schema = headers['schema'] ?? ALERT_RAISED_SCHEMA;
  if (schema !== ALERT_RAISED_SCHEMA) return { refused: `its schema is ${schema}` };
  const alert = parseJson(value.toString());
  if (!isAlert(alert)) return { refused: 'it is not an alert' };
  if (UNSTORABLE.test(JSON.stringify(alert))) return { refused: 'it holds text that is no text' };
  return { alert };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isAlert(value: unknown): value is AlertRaised {
  if (typeof value !== 'object' || value === null) return false;
  const { v, id, project, type, raised_at, raised_by, data } = value as Partial<AlertRaised>;
  return (
    v === 1 &&
    [id, project, type].every((text) => typeof text === 'string' && text.length > 0) &&
    typeof raised_at === 'string' &&
    Number.isFinite(Date.parse(raised_at)) &&
    (raised_by === null || isSource(raised_by)) &&
    typeof data === 'object' &&
    data !== null &&
    !Array.isArray(data)
  );
}

function isSource(value: AlertSource | undefined): boolean {
  if (typeof value !== 'object') return false;
  const { watch, counter, threshold, arming, window_start, window_end } = value;
  return (
    [watch, counter, threshold].every((text) => typeof text === 'string') &&
    Number.isInteger(arming) &&
    [window_start, window_end].every((time) => time === null || Number.isFinite(Date.parse(time)))
  );
}
