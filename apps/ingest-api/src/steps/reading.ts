import type { UsageEvent } from '#contracts';

/** Why a request, or one item of it, is not taken. What its caller is told, and with which status, is its dialect's. */
export interface Refusal {
  code: string;
  message: string;
  /** Path inside the item, or a field or header of the request; null where the whole is wrong. */
  field: string | null;
  /** What is wrong with the field, where the message is a sentence about more than it. */
  detail?: string;
}

/** A usage event whose id may still be missing. */
export type ReadEvent = Omit<UsageEvent, 'id'> & { id?: string };

/** What a dialect makes of one item; of a refused one also the id that its caller gave it. */
export type Reading =
  { event: ReadEvent; refusal?: never } | { event?: never; refusal: Refusal; id: string | null };

/** The id as it can be said back; null for what is none. */
export function sayableId(id: unknown): string | null {
  return typeof id === 'string' && id.length <= 256 ? id : null;
}

const NAME_LENGTH_MAX = 64;

/** The name of a field as it can be said back, however long its caller made it. */
export function sayableName(name: string): string {
  return name.length <= NAME_LENGTH_MAX ? name : `${name.slice(0, NAME_LENGTH_MAX)}…`;
}

/** Tells a refusal from bytes, texts and lists. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'code' in value;
}
