import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { KnownFields } from '../dto/json-schemas.js';

export interface Refusal {
  code: string;
  message: string;
  /** Path inside the item; null where the whole item is wrong. */
  field: string | null;
}

export const DEPTH_MAX = 8;

/**
 * Why an item that the compiled schema refused is wrong, in words. Slow: for refused items only.
 * `known` null lets any field pass.
 */
export function explainRefusal(
  dto: new () => object,
  item: unknown,
  known: KnownFields | null,
): Refusal {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return invalid(null, 'an event must be an object');
  if (isDeeperThan(item, DEPTH_MAX))
    return { code: 'too_deep', message: `nested deeper than ${DEPTH_MAX}`, field: null };
  const unknown = known && unknownField(item, known);
  if (unknown) return invalid(unknown, `${unknown} is not a known field`);
  const [error] = validateSync(plainToInstance(dto, item), { stopAtFirstError: true });
  if (error) return fromValidation(error);
  return invalid(null, 'the event is not valid');
}

export function isDeeperThan(value: unknown, depthMax: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depthMax === 0) return true;
  return Object.values(value).some((inner) => isDeeperThan(inner, depthMax - 1));
}

function unknownField(item: object, known: KnownFields): string | null {
  for (const [key, value] of Object.entries(item)) {
    if (!Object.hasOwn(known, key)) return key;
    const inside = known[key];
    if (!inside || typeof value !== 'object' || value === null || Array.isArray(value)) continue;
    const unknown = unknownField(value, inside);
    if (unknown !== null) return `${key}.${unknown}`;
  }
  return null;
}

function fromValidation(error: ValidationError): Refusal {
  let path = error.property;
  let innermost = error;
  while (innermost.children?.[0]) {
    innermost = innermost.children[0];
    path += `.${innermost.property}`;
  }
  const [message = 'is wrong'] = Object.values(innermost.constraints ?? {});
  return invalid(path, message);
}

function invalid(field: string | null, message: string): Refusal {
  return { code: 'invalid_event', message, field };
}
