import { unauthorised } from './api-error.js';

/**
 * Accepts any test key, as a bearer token or as the user of basic authentication.
 * A live key is refused loudly: someone has pointed production at the simulator, and it would look as if billing worked.
 */
export function assertAuthorised(header: string | undefined): void {
  if (header === undefined) {
    throw unauthorised(
      'You did not provide an API key. Provide it in the Authorization header, as Bearer YOUR_SECRET_KEY.',
    );
  }
  const [scheme = '', credentials = ''] = header.split(' ');
  const key =
    scheme.toLowerCase() === 'basic'
      ? (Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '')
      : credentials;
  if (/^[sr]k_live_/.test(key))
    throw unauthorised('This is a simulator: it refuses live keys, and bills no one.');
  if (!/^[sr]k_test_\w+$/.test(key))
    throw unauthorised(`Invalid API Key provided: ${key.slice(0, 8)}***`);
}

/** The control API takes no key, so a page open in a browser on this machine must not reach it. */
export function assertNoWebPage(origin: string | undefined): void {
  if (origin !== undefined) throw unauthorised('The control API is not for web pages.');
}
