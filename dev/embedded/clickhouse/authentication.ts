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

/**
 * The embedded engine has one user, `default`, without a password; the loopback address is what protects it.
 *
 * @throws ClickHouseException 516 for any other credentials
 */
export function authenticate(url: URL, headers: IncomingHttpHeaders): void {
  const { user, password } =
    headers.authorization === undefined
      ? {
          user: headers['x-clickhouse-user'] ?? url.searchParams.get('user') ?? '',
          password: headers['x-clickhouse-key'] ?? url.searchParams.get('password') ?? '',
        }
      : fromBasic(headers.authorization);
  if ((user === 'default' || user === '') && password === '') return;
  throw ClickHouseException.of(
    ErrorCode.AUTHENTICATION_FAILED,
    `${String(user)}: Authentication failed: the embedded engine knows only the user default, without a password.`,
  );
}
