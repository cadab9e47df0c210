import { isIP, type LookupFunction } from 'node:net';
import { callbackify } from 'node:util';
import { isAllowedAddress } from '../steps/check-address.js';
import type { ResolveHost } from './resolve-host.js';

/** An attempt would have reached a network that the platform's owner has not opened. */
export class BlockedAddress extends Error {
  constructor() {
    super('blocked: the address of the host is not public');
  }
}

/**
 * Resolves and judges in one go, at connect time: the socket connects to the very addresses that were judged, so a name
 * that changes its mind afterwards gains nothing. One address that is not allowed refuses the host.
 */
export function guardedLookup(resolve: ResolveHost, allowPrivate: boolean): LookupFunction {
  const resolveAllowed = callbackify(async (host: string) => {
    const addresses = await resolve(host);
    if (addresses.some(({ address }) => !isAllowedAddress(address, allowPrivate)))
      throw new BlockedAddress();
    return addresses;
  });
  return (host, options, callback) => {
    resolveAllowed(host, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined)
        callback(error ?? new Error('the host has no address'), '', 4);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

/**
 * Sockets to literal addresses ask no look-up, so these are judged by themselves. `host` is as a parsed URL has it:
 * decimal, hexadecimal and octal forms have become dotted ones.
 * @throws BlockedAddress
 */
export function checkLiteral(host: string, allowPrivate: boolean): void {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0 && !isAllowedAddress(address, allowPrivate)) throw new BlockedAddress();
}
