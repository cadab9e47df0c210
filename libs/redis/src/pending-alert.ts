import type { CounterKey } from '#contracts';
import { amountOf } from './two-limbs.js';

/** A threshold crossed, or the end of a breach, as `pending-alert.lua` puts it on the pending list. */
export interface PendingAlert {
  kind: 'crossed' | 'recovered';
  threshold: string;
  counter: CounterKey;
  /** What the counter held. */
  amount: bigint;
  eventTime: string;
  raisedAt: string;
  /** Of a sliding counter, and of a recovery: the number of the breach that it ends. */
  arming: number | null;
  cause: string | null;
  /** A share or a percentile in place of the amount, a decimal. */
  measured: string | null;
  /** What earlier days gave: an amount, or a decimal beside `measured`. */
  bound: bigint | string | null;
  /** The JSON that the count was given of the watch, parsed. */
  watch: object;
}

const TWO_LIMBS = /^\d+:\d+$/;
const DECIMAL = /^\d+(\.\d+)?$/;

/** Throws at what the script does not write. */
export function decodePendingAlert(text: string): PendingAlert {
  const entry = JSON.parse(text) as Record<string, unknown>;
  const {
    kind,
    threshold,
    counter,
    hi,
    lo,
    event_time,
    raised_at,
    arming,
    cause,
    measured,
    watch,
  } = entry;
  if (
    (kind === 'crossed' || kind === 'recovered') &&
    isText(threshold) &&
    isObject(counter) &&
    Object.values(counter).every(isText) &&
    TWO_LIMBS.test(`${String(hi)}:${String(lo)}`) &&
    isText(event_time) &&
    isText(raised_at) &&
    (arming === undefined || Number.isSafeInteger(arming)) &&
    isTextOrMissing(cause) &&
    (measured === undefined || isDecimal(measured)) &&
    isObject(watch)
  ) {
    return {
      kind,
      threshold,
      counter,
      amount: amountOf(`${String(hi)}:${String(lo)}`),
      eventTime: event_time,
      raisedAt: raised_at,
      arming: (arming as number | undefined) ?? null,
      cause: cause ?? null,
      measured: measured ?? null,
      bound: boundOf(entry['bound']),
      watch,
    };
  }
  throw new SyntaxError(`not a pending alert: ${text}`);
}

function boundOf(bound: unknown): bigint | string | null {
  if (bound === undefined) return null;
  if (isDecimal(bound)) return bound;
  if (isText(bound) && TWO_LIMBS.test(bound)) return amountOf(bound);
  throw new SyntaxError(`not the bound of a pending alert: ${JSON.stringify(bound)}`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrMissing(value: unknown): value is string | undefined {
  return value === undefined || isText(value);
}

function isDecimal(value: unknown): value is string {
  return isText(value) && DECIMAL.test(value);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
