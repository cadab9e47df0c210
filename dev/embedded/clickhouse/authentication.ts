import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ClickHouseException, ErrorCode } from './clickhouse-exception.js';

interface Credentials {
  user: string;
  password: string;
}

function fromBasic(authorization: string): Credentials {
  const [scheme, encoded = ''] = authorization.split(' ');
  if (scheme?.toLowerCase() !== 'basic') return { user: scheme ?? '', password: encoded };
  const [user = '', ...password] = Buffer.from(encoded, 'base64').toString().split(':');
  return { user, password: password.join(':') };
}

/** Compares hashes, which have one length, so that the time it takes tells nothing about the password. */
function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'));
}

/**
 * The embedded engine has one user, `default`, and the password that its process was given.
 *
 * @throws ClickHouseException 516 for any other credentials
 */
export function authenticate(url: URL, headers: IncomingHttpHeaders, password: string): void {
  const given =
    headers.authorization === undefined
      ? {
          user: String(headers['x-clickhouse-user'] ?? url.searchParams.get('user') ?? ''),
          password: String(headers['x-clickhouse-key'] ?? url.searchParams.get('password') ?? ''),
        }
      : fromBasic(headers.authorization);
  if ((given.user === 'default' || given.user === '') && isSame(given.password, password)) return;
  throw ClickHouseException.of(
    ErrorCode.AUTHENTICATION_FAILED,
    `${given.user}: Authentication failed: password is incorrect, or there is no user with such name.`,
  );
}
