import ipaddr from 'ipaddr.js';

/** What a platform may be told to allow: its own machine and network. Never link-local, where clouds keep their metadata. */
const PRIVATE_RANGES = new Set(['private', 'loopback', 'uniqueLocal']);
/**
 * Where clouds keep metadata and platform services apart from link-local: addresses that look public, or private ones that
 * are no neighbour's. None of them is ever a receiver.
 */
const PLATFORM_ADDRESSES = [
  // Azure's WireServer
  '168.63.129.16/32',
  // IBM Cloud's services
  '161.26.0.0/16',
  '166.8.0.0/14',
  // AWS's metadata, names, time and pod identity
  'fd00:ec2::/32',
  // Google Cloud's metadata
  'fd20:ce::/32',
  // Oracle Cloud's metadata
  'fd00:c1::/32',
  // Scaleway's metadata
  'fd00:42::42/128',
].map((range) => ipaddr.parseCIDR(range));
/** The only block of IPv6 that is given out for use on the internet. */
const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an attempt may connect to this address, as a resolver or a URL's literal gives it. An IPv4 address that is
 * mapped into IPv6 is judged as what it is; tunnels and translations into IPv4 are refused.
 */
export function isAllowedAddress(address: string, allowPrivate: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (isPlatformAddress(parsed)) return false;
  const range = parsed.range();
  if (allowPrivate && PRIVATE_RANGES.has(range)) return true;
  if (range !== 'unicast') return false;
  return parsed instanceof ipaddr.IPv6 ? parsed.match(GLOBAL_V6) : true;
}

function isPlatformAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  return PLATFORM_ADDRESSES.some(
    ([network, bits]) => network.kind() === address.kind() && address.match(network, bits),
  );
}
