import { hash } from 'node:crypto';

export const ALERT_RAISED_SCHEMA = 'alerts.raised.v1';

/** The value of one record in `alerts.raised`. The same id always has the same content, whoever writes it again. */
export interface AlertRaised {
  v: 1;
  /** 32 hex digits: see `alertIdOf`. */
  id: string;
  project: string;
  type: string;
  /** RFC 3339 with milliseconds, UTC. */
  raised_at: string;
  /** The watch behind it and what of it was crossed; null for what no budget or rate watches. */
  raised_by: AlertSource | null;
  /** As the type's JSON Schema says. */
  data: Record<string, unknown>;
}

/** By these an alert's history is found again: what is breached, and with which arming number. */
export interface AlertSource {
  watch: string;
  /** Canonical JSON of the counter key. */
  counter: string;
  /** RFC 3339; null where the watch has no windows of its own. */
  window_start: string | null;
  window_end: string | null;
  threshold: string;
  arming: number;
}

/** What makes two raises the same alert. The arming number rises when a limit is changed or a counter recovers. */
export interface AlertIdentity {
  type: string;
  project: string;
  /** The budget, rate or other thing that watches. */
  watch: string;
  counterKey: string;
  windowStart: string;
  threshold: string;
  arming: number;
}

/** 32 hex digits: the first half of the SHA-256 of the alert's identity. No store's own state is part of it. */
export function alertIdOf(identity: AlertIdentity): string {
  const { type, project, watch, counterKey, windowStart, threshold, arming } = identity;
  const parts = [type, project, watch, counterKey, windowStart, threshold, String(arming)];
  return hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
}

/** The alert of a watch. Its id is made of what happened alone, so that a second raise is the same alert. */
export function alertOfWatch(
  alert: Pick<AlertRaised, 'type' | 'project' | 'raised_at' | 'data'> & { raised_by: AlertSource },
): AlertRaised {
  const { type, project, raised_by, raised_at, data } = alert;
  const { watch, counter, window_start, threshold, arming } = raised_by;
  const id = alertIdOf({
    type,
    project,
    watch,
    counterKey: counter,
    windowStart: window_start ?? '',
    threshold,
    arming,
  });
  return { v: 1, id, project, type, raised_at, raised_by, data };
}
