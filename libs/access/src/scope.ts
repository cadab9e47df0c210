/** What a key may do: send events, read usage, manage the project. None includes another. */
export const SCOPES = ['ingest', 'read', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];
