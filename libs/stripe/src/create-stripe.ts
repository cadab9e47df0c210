import { Stripe } from 'stripe';

export interface StripeSettings {
  secretKey: string | undefined;
  /** Where the simulator listens. Absent: Stripe itself. */
  url?: string;
  /** Must be said before a live key is used: it moves real money. */
  allowLive?: boolean;
  timeoutMs?: number;
}

/** The settings would bill the wrong place. Nothing was sent. */
export class StripeRefused extends Error {}

const TIMEOUT_MS = 20_000;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * A client of the Stripe SDK.
 * Its own retries are off, since ours also cover what it leaves out; a closed connection it still retries once, under the same key.
 * @throws StripeRefused for a missing key, a live key that was not allowed, or another address than a simulator's.
 */
export function createStripe(settings: StripeSettings): Stripe {
  const { secretKey, url, allowLive = false, timeoutMs = TIMEOUT_MS } = settings;
  if (!secretKey) throw new StripeRefused('there is no Stripe key: set STRIPE_SECRET_KEY');
  const isLive = /^[sr]k_live_/.test(secretKey);
  if (isLive && url !== undefined)
    throw new StripeRefused('a live key is never sent to a simulator');
  if (isLive && !allowLive) {
    throw new StripeRefused(
      'a live Stripe key bills real customers: set STRIPE_ALLOW_LIVE=true to mean it',
    );
  }
  return new Stripe(secretKey, {
    ...(url === undefined ? {} : simulatorAddress(url)),
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    appInfo: { name: 'reckoner' },
  });
}

function simulatorAddress(url: string): { host: string; port: string; protocol: 'http' } {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'http:' || !LOOPBACK.has(hostname)) {
    throw new StripeRefused(
      `STRIPE_URL is for the simulator, on http and this machine; ${url} is elsewhere`,
    );
  }
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port || '80', protocol: 'http' };
}
