import type { IncomingHttpHeaders } from 'node:http';
import { ForbiddenException } from '@nestjs/common';
import { isLoopback } from '#platform';

/**
 * Refuses what a page of another site makes a browser send: its `Origin` is not the address that it asks. On a loopback address
 * the `Host` must be one too, since a page may lead a name of its own there and would then be of the same site.
 * @throws ForbiddenException
 */
export function refuseOtherSites(listening: string, headers: IncomingHttpHeaders): void {
  const { host = '', origin } = headers;
  if (isLoopback(listening) && !isLoopback(nameIn(host)))
    throw new ForbiddenException('this address is of this machine only: use it as 127.0.0.1');
  if (origin !== undefined && !isOrigin(origin, host))
    throw new ForbiddenException('pages of other sites get no answers here');
}

function nameIn(host: string): string {
  return URL.canParse(`http://${host}`)
    ? new URL(`http://${host}`).hostname.replace(/^\[(.*)\]$/, '$1')
    : '';
}

function isOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
