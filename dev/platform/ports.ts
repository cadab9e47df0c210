import { createServer } from 'node:net';
import { findPortHolder } from './port-holder.js';

/** Every port that a platform opens, by the name of the process that opens it. Each can be changed on its own. */
export const defaultPorts = {
  'ingest-api': 4000,
  console: 4001,
  'pricing-worker': 4010,
  aggregator: 4011,
  billing: 4012,
  notifier: 4013,
  'ingest-api-metrics': 4050,
  'console-metrics': 4051,
  'pricing-worker-metrics': 4060,
  'aggregator-metrics': 4061,
  'billing-metrics': 4062,
  'notifier-metrics': 4063,
  kafka: 4092,
  'kafka-controller': 4093,
  clickhouse: 4123,
  'stripe-sim': 4242,
  redis: 4379,
  postgres: 4432,
};

export type PortName = keyof typeof defaultPorts;
export type Ports = Record<PortName, number>;

export const portNames = Object.keys(defaultPorts) as PortName[];

/** The default ports moved so that the first lies at `base`, then single ones replaced. */
export function arrangePorts(base: number, single: Partial<Ports>): Ports {
  const shift = base - defaultPorts['ingest-api'];
  const moved = portNames.map((name) => [name, single[name] ?? defaultPorts[name] + shift]);
  return Object.fromEntries(moved) as Ports;
}

/** The port numbers that two names share; empty when each has its own. */
export function findSharedPorts(ports: Ports): { port: number; names: PortName[] }[] {
  const byPort = Map.groupBy(portNames, (name) => ports[name]);
  return [...byPort]
    .filter(([, names]) => names.length > 1)
    .map(([port, names]) => ({ port, names }));
}

// The "bad ports" of the Fetch standard that anybody may open. A browser, and our own probes, would never reach them.
const UNREACHABLE = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669,
  6679, 6697, 10080,
]);

/** The names whose port HTTP clients refuse to open. */
export function findUnreachablePorts(ports: Ports): PortName[] {
  return portNames.filter((name) => UNREACHABLE.has(ports[name]));
}

/** One line for each port that somebody else listens on, with who it is and the option that chooses another. */
export async function findTakenPorts(host: string, ports: Ports): Promise<string[]> {
  const lines: string[] = [];
  for (const name of portNames) {
    if (await isPortFree(host, ports[name])) continue;
    const holder = findPortHolder(ports[name]) ?? 'another program';
    lines.push(
      `Port ${ports[name]}, meant for ${name}, is taken by ${holder}. ` +
        `Stop it, or choose another port: npm start -- --${name}-port <port>`,
    );
  }
  if (lines.length > 1) lines.push('To move all of them: npm start -- --port-base <port>');
  return lines;
}

export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

// Below the range that systems hand out to outgoing connections: a port from there could be taken by somebody's
// connection while its engine restarts.
const FREE_PORT_MIN = 12_000;
const FREE_PORT_MAX = 31_999;
const handedOut = new Set<number>();
// Of the processes that `npm test` runs beside each other, which one this is, such as `1/2`. Each looks at ports of its own:
// until an engine has opened its port, or while it restarts, the port is free for others too.
const [share = 1, shares = 1] = (process.env.TEST_SHARE ?? '1/1').split('/').map(Number);

/** A free loopback port that this process has not handed out before and that stays usable across restarts of its engine. */
export async function findFreePort(): Promise<number> {
  for (;;) {
    const span = FREE_PORT_MAX - FREE_PORT_MIN + 1;
    const port = FREE_PORT_MIN + Math.floor(Math.random() * span);
    if (port % shares !== share - 1 || handedOut.has(port)) continue;
    if (!(await isPortFree('127.0.0.1', port))) continue;
    handedOut.add(port);
    return port;
  }
}

export async function findFreePorts(): Promise<Ports> {
  const ports: Partial<Ports> = {};
  for (const name of portNames) ports[name] = await findFreePort();
  return ports as Ports;
}
