import type { PendingAlert } from '#redis';

interface Entry extends Pick<PendingAlert, 'kind' | 'threshold' | 'amount' | 'eventTime'> {
  /** JSON, as is `watch`. */
  key: string;
  at: string;
  arming?: number;
  watch: string;
}

/** An entry of the pending list as the scripts in libs/redis write it; `arming` is of sliding counters. */
export function pendingEntry({ kind, threshold, key, amount, eventTime, ...entry }: Entry): string {
  const { at, arming, watch } = entry;
  const sliding = arming === undefined ? '' : `,"arming":${arming},"cause":"window"`;
  return `{"kind":"${kind}","threshold":"${threshold}","counter":${key},"hi":"0","lo":"${amount}","event_time":"${eventTime}","raised_at":"${at}"${sliding},"watch":${watch}}`;
}
