/** What came of sending one alert once. Trouble of any kind is an answer too: nothing is thrown. */
export interface Answer {
  succeeded: boolean;
  /** Of HTTP; null when there was none. */
  status: number | null;
  /** The first bytes of the answer, or why there was none; safe to show to the endpoint's owner. */
  text: string;
  /** The header of this name. */
  retryAfter: string | null;
}

const TEXT_MAX = 1_000;

export function noAnswer(reason: string): Answer {
  return { succeeded: false, status: null, text: showable(reason), retryAfter: null };
}

/** PostgreSQL's text holds no NUL. */
export function showable(text: string): string {
  return text.slice(0, TEXT_MAX).replaceAll('\0', '\uFFFD');
}
