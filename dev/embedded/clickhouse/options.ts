import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface Options {
  /** Folder of everything the process keeps. */
  data: string;
  /** 0 lets the system choose. */
  port: number;
  host: string;
  /** Of the one user; it comes in the environment, since every user of the machine sees a command line. */
  password: string;
  /** Quick statements that run side by side. */
  sessions: number;
}

/** Slow statements beside the quick ones. Each holds a thread, and little else while it waits for a core. */
export const SLOW_PLACES = 12;

const PASSWORD_LENGTH_MIN = 16;
const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = Number(text);
  return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined;
}

/**
 * Reads the command line.
 *
 * @returns the options, or every fault of the command line at once
 */
export function optionsOf(
  args: string[],
  password: string | undefined,
): Options | { faults: string[] } {
  let values: { data?: string; port?: string; host?: string; sessions?: string };
  try {
    ({ values } = parseArgs({
      args,
      options: {
        data: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string', default: '127.0.0.1' },
        sessions: { type: 'string', default: '4' },
      },
    }));
  } catch (error) {
    return { faults: [error instanceof Error ? error.message : String(error)] };
  }
  const faults: string[] = [];
  const data = resolve(values.data ?? '');
  const port = wholeNumber(values.port ?? '', 0, 65_535);
  const sessions = wholeNumber(values.sessions ?? '', 1, 64);
  const host = values.host ?? '';
  if (values.data === undefined) faults.push('--data <folder> is missing');
  // The engine expands these in the names of files it reads rows from.
  else if (/[*?{}]/.test(data)) faults.push('--data must not contain any of * ? { }');
  if (port === undefined) faults.push('--port must be a number from 0 to 65535');
  if (sessions === undefined) faults.push('--sessions must be a number from 1 to 64');
  if (!LOOPBACK.has(host))
    faults.push('--host must be a loopback address: passwords would travel in the clear');
  if (password === undefined || password.length < PASSWORD_LENGTH_MIN)
    faults.push(`CLICKHOUSE_PASSWORD must have at least ${PASSWORD_LENGTH_MIN} characters`);
  else if (faults.length === 0 && port !== undefined && sessions !== undefined)
    return { data, port, host, password, sessions };
  return { faults };
}
