import { connect } from 'node:net';
import { onAnswers } from './on-answers.js';

export interface Pressing {
  url: string;
  requests: readonly Buffer[];
  connections: number;
  durationMs: number;
}

export interface Pressed {
  requests: number;
  seconds: number;
  latencyMsP50: number;
  latencyMsP99: number;
}

/** Sends the requests in turn over kept connections, one outstanding on each, until the time is over. Throws at any answer but 202. */
export async function pressDoor(pressing: Pressing): Promise<Pressed> {
  const startedAt = performance.now();
  const latencies: number[] = [];
  let next = 0;
  const take = () =>
    performance.now() - startedAt < pressing.durationMs
      ? pressing.requests[next++ % pressing.requests.length]
      : undefined;
  await Promise.all(
    Array.from({ length: pressing.connections }, () => pressOne(pressing.url, take, latencies)),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  latencies.sort((a, b) => a - b);
  const quantile = (share: number) => latencies[Math.floor(latencies.length * share)] ?? 0;
  return {
    requests: latencies.length,
    seconds,
    latencyMsP50: quantile(0.5),
    latencyMsP99: quantile(0.99),
  };
}

function pressOne(url: string, take: () => Buffer | undefined, latencies: number[]): Promise<void> {
  const { hostname, port } = new URL(url);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect(Number(port), hostname);
  let sentAt = 0;
  const send = () => {
    const request = take();
    if (request === undefined) {
      resolve();
      socket.destroy();
      return;
    }
    sentAt = performance.now();
    socket.write(request);
  };
  socket.setNoDelay(true);
  socket.on('connect', send);
  socket.on('error', reject);
  socket.on('close', () => reject(new Error('the door closed the connection')));
  onAnswers(socket, (status, head) => {
    if (status !== 202) {
      reject(new Error(`the door answered ${head}`));
      socket.destroy();
      return;
    }
    latencies.push(performance.now() - sentAt);
    send();
  });
  return promise;
}
