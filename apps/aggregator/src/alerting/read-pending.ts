import type { AlertRaised } from '#contracts';
import { decodePendingAlert } from '#redis';
import { alertOfPending } from './alert-of-pending.js';

export type ReadPending = { alert: AlertRaised } | { refused: string };

/** The alert of an entry of a project's pending list, or why it is none. No entry, whatever it holds, is an outage. */
export function readPending(project: string, entry: string): ReadPending {
  try {
    const alert = alertOfPending(decodePendingAlert(entry));
    if (alert.project !== project) return { refused: 'it names another project' };
    return { alert };
  } catch (error) {
    return { refused: error instanceof SyntaxError ? 'it is not an entry' : String(error) };
  }
}
