import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';

const OWN_NAMES = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

/**
 * No page speaks to the engine: a browser tells that one does by `Origin` or `Sec-Fetch-Site`, and by the `Host` under which a
 * foreign name was led to this machine.
 *
 * @throws ClickHouseException 497
 */
export function refuseWebPages(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site'] ?? 'none';
  if (headers.origin === undefined && site === 'none' && OWN_NAMES.test(headers.host ?? '')) return;
  throw ClickHouseException.of(
    ErrorCode.ACCESS_DENIED,
    'The engine answers programs on this machine, under its loopback address, and no web page.',
  );
}
