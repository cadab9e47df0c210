/** Our keys and signing secrets, wherever they stand. */
const SECRET = /^(?:rk_|whsec_|sealed:)/;
const LEFT_OUT = '[left out]';
const CHARACTERS_MAX = 32 * 1024;

/** A copy without secrets; what is too large to keep is told by its size. Undefined stays so. */
export function withoutSecrets(value: unknown): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'string' && SECRET.test(inner) ? LEFT_OUT : inner,
  );
  if (text.length > CHARACTERS_MAX) return { left_out_characters: text.length };
  // PostgreSQL's text holds no NUL, and no half of a pair.
  return JSON.parse(text.replaceAll(/\\u0000|\\ud[89a-f][0-9a-f]{2}/gi, '\\ufffd')) as unknown;
}
