import { connect } from 'node:net';

const PROBE_TIMEOUT_MS = 2_000;

/** Whether an HTTP GET answers 200. */
export async function answersHttpOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

/** Whether a TCP port takes connections; with `ask` and `expected`, whether it also answers that. */
export function answersTcp(
  host: string,
  port: number,
  ask?: string,
  expected?: string,
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: PROBE_TIMEOUT_MS });
    const finish = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
    socket.once('close', () => resolve(false));
    socket.once('connect', () => {
      if (ask === undefined) finish(true);
      else socket.write(ask);
    });
    let answer = '';
    socket.on('data', (data) => {
      answer += data.toString('utf8');
      if (answer.length >= (expected ?? '').length) finish(answer.startsWith(expected ?? ''));
    });
  });
}
