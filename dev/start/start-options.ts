import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';
import {
  arrangePorts,
  defaultPorts,
  findSharedPorts,
  findUnreachablePorts,
  portNames,
  type PortName,
  type Ports,
} from '../platform/ports.js';
import { repositoryRoot } from '../repository-root.js';

export interface StartOptions {
  directory: string;
  fresh: boolean;
  host: string;
  ports: Ports;
  allowLiveStripe: boolean;
  help: boolean;
}

/** The command line asks for something that does not exist or cannot be. */
export class BadOption extends Error {}

export const startUsage = `npm start -- [options]

  --fresh                begin anew: delete the data of the directory first
  --directory <path>     where data, logs and platform.json lie (default: .reckoner);
                         npm run bill, audit and demo find it by RECKONER_DIRECTORY=<path>
  --port-base <port>     move every port; ingest-api gets this one (default: ${defaultPorts['ingest-api']})
  --<process>-port <n>   move one port: ${portNames.join(', ')}
  --host <address>       where ingest-api and console listen (default: 127.0.0.1, this machine only)
  --allow-live-stripe    let billing use an sk_live_ key from STRIPE_SECRET_KEY
  --help                 show this`;

// People think of the door and the workers by their short names.
const shortNames: Record<string, PortName> = { ingest: 'ingest-api', pricing: 'pricing-worker' };

/** Reads the arguments of `npm start`; throws BadOption with one line for the user. */
export function parseStartOptions(args: string[]): StartOptions {
  const portOptions = [...portNames, ...Object.keys(shortNames)].map((name) => `${name}-port`);
  const texts = ['directory', 'host', 'port-base', ...portOptions];
  const switches = ['fresh', 'allow-live-stripe', 'help'];
  const values = parse(args, texts, switches);
  const single: Partial<Ports> = {};
  for (const option of portOptions) {
    const value = values[option];
    const name = option.slice(0, -'-port'.length);
    if (typeof value === 'string')
      single[shortNames[name] ?? (name as PortName)] = toPort(option, value);
  }
  const base = values['port-base'];
  const ports = arrangePorts(
    typeof base === 'string' ? toPort('port-base', base) : defaultPorts['ingest-api'],
    single,
  );
  const [shared] = findSharedPorts(ports);
  if (shared !== undefined) {
    throw new BadOption(
      `Port ${shared.port} is given to ${shared.names.join(' and ')}: choose one for each.`,
    );
  }
  const [unreachable] = findUnreachablePorts(ports);
  if (unreachable !== undefined) {
    throw new BadOption(
      `Port ${ports[unreachable]}, meant for ${unreachable}, is one that browsers and HTTP clients refuse to open: choose another.`,
    );
  }
  const { directory, host } = values;
  return {
    directory:
      typeof directory === 'string' ? resolve(directory) : join(repositoryRoot, '.reckoner'),
    fresh: values.fresh === true,
    host: typeof host === 'string' ? host : '127.0.0.1',
    ports,
    allowLiveStripe: values['allow-live-stripe'] === true,
    help: values.help === true,
  };
}

function parse(args: string[], texts: string[], switches: string[]) {
  const declare = (names: string[], type: 'string' | 'boolean') =>
    names.map((name) => [name, { type }]);
  const options = Object.fromEntries([
    ...declare(texts, 'string'),
    ...declare(switches, 'boolean'),
  ]) as Record<string, { type: 'string' | 'boolean' }>;
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new BadOption(`${reason}\n\n${startUsage}`);
  }
}

function toPort(option: string, value: string): number {
  const port = Number(value);
  // The highest default lies 432 above the base, and every port must fit.
  if (!/^\d+$/.test(value) || port < 1 || port > 65_000) {
    throw new BadOption(
      `--${option} needs a port between 1 and 65000, not ${JSON.stringify(value)}.`,
    );
  }
  return port;
}
