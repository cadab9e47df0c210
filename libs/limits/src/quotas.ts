/** What is counted of a project's calls, and of each key's. */
export const USE_KINDS = ['requests', 'events', 'bytes'] as const;
export type UseKind = (typeof USE_KINDS)[number];
export type Amounts = Record<UseKind, number>;

export function noUse(): Amounts {
  return { requests: 0, events: 0, bytes: 0 };
}

/** Limits are said per second and held over windows of so many seconds: a burst may use up a window at once. */
export const WINDOW_SECONDS = 10;

/** Limits per second, by the names that they have on the wire: of a whole project, and of any one key of it. */
export const LIMIT_NAMES = [
  'requests_per_second',
  'events_per_second',
  'bytes_per_second',
  'key_requests_per_second',
  'key_events_per_second',
  'key_bytes_per_second',
] as const;
export type LimitName = (typeof LIMIT_NAMES)[number];
export type Limits = Record<LimitName, number>;

/** What one window may hold. */
export interface Quotas {
  project: Amounts;
  key: Amounts;
  /** As `RateLimit-Policy` says it, of the tighter of the two. */
  policy: string;
}

/** The units of draft-ietf-httpapi-ratelimit-headers; requests are its default, events are ours. */
const QUOTA_UNITS: Record<UseKind, string> = {
  requests: '',
  events: ';qu="events"',
  bytes: ';qu="content-bytes"',
};

/** @param own what the owner of the installation set for the project, instead of the defaults. */
export function quotasOf(defaults: Limits, own: Partial<Limits>): Quotas {
  const limits = { ...defaults, ...own };
  const quotaOf = (name: LimitName) => limits[name] * WINDOW_SECONDS;
  const project = {
    requests: quotaOf('requests_per_second'),
    events: quotaOf('events_per_second'),
    bytes: quotaOf('bytes_per_second'),
  };
  const key = {
    requests: quotaOf('key_requests_per_second'),
    events: quotaOf('key_events_per_second'),
    bytes: quotaOf('key_bytes_per_second'),
  };
  const policies = USE_KINDS.map((kind) => {
    const quota = Math.min(project[kind], key[kind]);
    return `"${kind}";q=${quota};w=${WINDOW_SECONDS}${QUOTA_UNITS[kind]}`;
  });
  return { project, key, policy: policies.join(', ') };
}
