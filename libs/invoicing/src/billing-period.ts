/** A calendar month in UTC, half-open. */
export interface BillingPeriod {
  /** `2026-11` */
  readonly name: string;
  readonly start: Date;
  readonly end: Date;
}

/** Reads `YYYY-MM`; null for anything else. */
export function parseBillingPeriod(text: string): BillingPeriod | null {
  const match = /^(20\d\d)-(0[1-9]|1[0-2])$/.exec(text);
  if (match === null) return null;
  const [year, month] = [Number(match[1]), Number(match[2])];
  return {
    name: text,
    start: new Date(Date.UTC(year, month - 1)),
    end: new Date(Date.UTC(year, month)),
  };
}
