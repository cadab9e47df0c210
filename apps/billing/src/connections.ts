/** Injection tokens of the connections that this process holds. */
export const CLICKHOUSE = Symbol('clickhouse');
export const POSTGRES = Symbol('postgres');
export const STRIPE = Symbol('stripe');
