/**
 * What may stand in the strings of an event. Lengths are in characters (code points), in the pattern itself, so that
 * class-validator and the compiled schema count alike. Lone surrogates are no characters: they have no UTF-8.
 */
export const ID_TEXT = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
export const SHORT_TEXT = /^[^\p{Cc}\p{Cs}]{0,256}$/u;
export const PROPERTY_TEXT = /^[^\0\p{Cs}]{0,1000}$/u;
export const PROPERTY_NAME = /^(?!(?:__proto__|constructor|prototype)$)[^\p{Cc}\p{Cs}]{1,256}$/u;

/** RFC 3339; the zone may be missing, a fraction may have any number of digits. */
export const TIME_TEXT =
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,200})?(?:[Zz]|[+-]\d{2}:\d{2})?$/;

/** US dollars, never negative, no exponent. */
export const DECIMAL_TEXT = /^\d{1,18}(?:\.\d{1,18})?$/;

export const PROPERTIES_MAX = 50;
export const WHOLE_NUMBER_MAX = Number.MAX_SAFE_INTEGER;
