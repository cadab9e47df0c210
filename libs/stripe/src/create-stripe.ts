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

/** Why no client may be made of the settings, for whoever has to mend them; null when one may. */
export function stripeSettingsProblem(settings: StripeSettings): string | null {
  const { secretKey, url, allowLive = false } = settings;
  if (!secretKey) return 'there is no Stripe key: set STRIPE_SECRET_KEY';
  const isLive = /^[sr]k_live_/.test(secretKey);
  if (isLive && url !== undefined) return 'a live key is never sent to a simulator';
  if (isLive && !allowLive)
    return 'a live key bills real customers: set STRIPE_ALLOW_LIVE=true to mean it';
  if (url !== undefined && !isOnThisMachine(url))
    return `STRIPE_URL is for the simulator, on http and this machine; ${url} is elsewhere`;
  return null;
}

/**
 * A client of the Stripe SDK.
 * Its own retries are off, since ours also cover what it leaves out; a closed connection it still retries once, under the same key.
 * @throws StripeRefused with `stripeSettingsProblem`.
 */
export function createStripe(settings: StripeSettings): Stripe {
  const { secretKey, url, timeoutMs = TIMEOUT_MS } = settings;
  const problem = stripeSettingsProblem(settings);
  if (problem !== null) throw new StripeRefused(problem);
  return new Stripe(secretKey ?? '', {
    ...(url === undefined ? {} : addressOf(new URL(url))),
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    appInfo: { name: 'reckoner' },
  });
}

function isOnThisMachine(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === 'http:' && LOOPBACK.has(hostname);
}

const addressOf = ({ hostname, port }: URL): { host: string; port: string; protocol: 'http' } => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: port || '80',
  protocol: 'http',
});
