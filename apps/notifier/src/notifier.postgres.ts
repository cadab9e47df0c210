/** Injection token of the connection pool. */
export const POSTGRES = Symbol('postgres');
