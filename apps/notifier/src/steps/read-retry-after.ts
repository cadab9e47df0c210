/** Milliseconds that a `Retry-After` header asks to wait: seconds or a date (RFC 9110). Null for none or another thing. */
export function readRetryAfter(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const atMs = Date.parse(header);
  return header.endsWith('GMT') && Number.isFinite(atMs) ? Math.max(0, atMs - nowMs) : null;
}
