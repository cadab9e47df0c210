import { lookup, Resolver } from 'node:dns/promises';
import { isNativeError } from 'node:util/types';

export interface HostAddress {
  address: string;
  family: 4 | 6;
}

/** Every address of a host name, asked for anew each time. Throws when there is none. */
export type ResolveHost = (host: string) => Promise<HostAddress[]>;

const NAME_SERVER_TIMEOUT_MS = 2_000;
const NOT_THERE = new Set(['ENOTFOUND', 'ENODATA']);
const resolver = new Resolver({ timeout: NAME_SERVER_TIMEOUT_MS, tries: 2 });

/**
 * Asks the name servers itself: the system's own look-up runs on two threads of the process, so a few hosts whose name
 * servers are dead would hold up all others. What no name server knows may still stand in the hosts file.
 */
export const resolveHost: ResolveHost = async (host) => {
  if (host === 'localhost' || host.endsWith('.localhost')) return lookUpSystem(host);
  const [v4, v6] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [...addressesOf(v4, 4), ...addressesOf(v6, 6)];
  if (found.length > 0) return found;
  const failure = [v4, v6].find(
    (answer) => answer.status === 'rejected' && !NOT_THERE.has(codeOf(answer.reason)),
  );
  if (failure?.status === 'rejected') throw failure.reason;
  return lookUpSystem(host);
};

async function lookUpSystem(host: string): Promise<HostAddress[]> {
  const found = await lookup(host, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function addressesOf(answer: PromiseSettledResult<string[]>, family: 4 | 6): HostAddress[] {
  return answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family })) : [];
}

function codeOf(error: unknown): string {
  return isNativeError(error) && 'code' in error ? String(error.code) : '';
}
