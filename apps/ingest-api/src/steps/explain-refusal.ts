import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { KnownFields } from '../dto/json-schemas.js';
import { type Refusal, sayableName } from './reading.js';

/**
 * Why an item that the compiled schema refused is wrong, in words. Slow, and walks the item several times:
 * for refused items only, which keep the bounds of entries and depth.
 * `known` null lets any field pass.
 */
export function explainRefusal(
  dto: new () => object,
  item: unknown,
  known: KnownFields | null,
): Refusal {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return invalid(null, 'an event must be an object');
  const unknown = known && unknownField(item, known);
  if (unknown) return invalid(unknown, `${unknown} is not a known field`);
  const reserved = reservedName(item);
  if (reserved) return invalid(reserved, `${reserved} is a reserved name`);
  const [error] = validateSync(plainToInstance(dto, item));
  if (error) return fromValidation(error);
  return invalid(null, 'the event is not valid');
}

/** Names that would reach into JavaScript's own objects; class-transformer drops the first in silence. */
function reservedName(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, inner] of Object.entries(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return key;
    const reserved = reservedName(inner);
    if (reserved !== null) return `${sayableName(key)}.${reserved}`;
  }
  return null;
}

function unknownField(item: object, known: KnownFields): string | null {
  for (const [key, value] of Object.entries(item)) {
    if (!Object.hasOwn(known, key)) return sayableName(key);
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
  while (!innermost.constraints && innermost.children?.[0]) {
    innermost = innermost.children[0];
    path += `.${innermost.property}`;
  }
  // That it is no number at all says more than that it is none in the range.
  const { isInt, isNumber, isArray, ...others } = innermost.constraints ?? {};
  const [other = 'is wrong'] = Object.values(others);
  return invalid(path, isInt ?? isNumber ?? isArray ?? other);
}

function invalid(field: string | null, message: string): Refusal {
  return { code: 'invalid_event', message, field };
}
