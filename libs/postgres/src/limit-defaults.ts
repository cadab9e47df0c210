/** What a project makes by itself, and how much of each it may have as long as nobody has changed it. */
export const LIMIT_DEFAULTS = {
  budgets: 200,
  rates: 100,
  mutes: 1_000,
  webhook_endpoints: 50,
  keys: 100,
  applications: 200,
  /** That one event may add to, over all budgets and rates. */
  counters_per_event: 2_000,
} as const;

export type LimitedKind = keyof typeof LIMIT_DEFAULTS;
export type ProjectLimits = Record<LimitedKind, number>;

export const LIMITED_KINDS = Object.keys(LIMIT_DEFAULTS) as LimitedKind[];

/** Those in force. */
export function limitsInForce(changed: Partial<ProjectLimits>): ProjectLimits {
  return { ...LIMIT_DEFAULTS, ...changed };
}
