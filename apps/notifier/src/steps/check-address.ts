import ipaddr from 'ipaddr.js';

/** What a platform may be told to allow: its own machine and network. Never link-local, where clouds keep their metadata. */
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal']);
/** The only block of IPv6 that is given out for use on the internet. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an attempt may connect to this address, as a resolver or a URL's literal gives it. An IPv4 address that is
 * mapped into IPv6 is judged as what it is; tunnels and translations into IPv4 are refused.
 */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (allowPrivate && PRIVATE_RANGES.has(range)) return true;
  if (range !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_V6) : true;
}
