import { isUtf8 } from 'node:buffer';
import {
  type QuarantinedUsage,
  type QuarantineReason,
  RECORDED_SCHEMA,
  type RecordedEnvelope,
} from '#contracts';
import { envelopeProblem } from './envelope-schemas.js';

/** The bytes of a record in `usage.recorded` and what its headers say about them. */
export interface RecordedBytes {
  headers: Readonly<Record<string, string>>;
  value: Buffer;
}

/**
 * The envelope in a record's bytes, its events still unchecked. Bytes that are none become the one item of the record,
 * which keeps them whole.
 */
export function readEnvelope({
  headers,
  value,
}: RecordedBytes): RecordedEnvelope | QuarantinedUsage {
  const parsed = parseJson(value);
  if (parsed === undefined) {
    return {
      ...unreadable('not_json', 'the record is not JSON in UTF-8', null),
      payload: value.toString('base64'),
      payload_encoding: 'base64',
    };
  }
  const version = versionOf(parsed);
  const schema = headers['schema'] ?? RECORDED_SCHEMA;
  if (schema !== RECORDED_SCHEMA || version !== 1) {
    const detail = `schema ${schema}, version ${JSON.stringify(version) ?? 'missing'}`;
    return { ...unreadable('unknown_schema', detail, parsed), payload: value.toString() };
  }
  const problem = envelopeProblem(parsed);
  if (problem !== null)
    return { ...unreadable('invalid_envelope', problem, parsed), payload: value.toString() };
  return parsed as RecordedEnvelope;
}

function parseJson(value: Buffer): unknown {
  if (!isUtf8(value)) return undefined;
  try {
    return JSON.parse(value.toString()) as unknown;
  } catch {
    return undefined;
  }
}

function versionOf(parsed: unknown): unknown {
  return typeof parsed === 'object' && parsed !== null && 'v' in parsed ? parsed.v : undefined;
}

function unreadable(
  reason: QuarantineReason,
  detail: string,
  parsed: unknown,
): Omit<QuarantinedUsage, 'payload'> {
  return {
    outcome: 'quarantined',
    reason,
    detail,
    project: onlyProjectOf(parsed),
    source: null,
    id: null,
    payload_encoding: 'json',
  };
}

/** The project whose every batch it is. Bytes that may hold two projects' events are shown to neither. */
function onlyProjectOf(parsed: unknown): string | null {
  const { batches } = (parsed ?? {}) as { batches?: unknown };
  if (!Array.isArray(batches)) return null;
  const projects = new Set(
    batches.map((batch: unknown) => (batch as { project?: unknown } | null)?.project),
  );
  const [project] = projects;
  return projects.size === 1 && typeof project === 'string' ? project : null;
}
