import type { ApplicationStamp } from '#contracts';

/** What a key may do: send events, read usage, manage the project. None includes another. */
export const SCOPES = ['ingest', 'read', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

/** Who asks, as the key says: the project never comes from anywhere else. */
export interface Principal {
  project: string;
  keyId: string;
  scopes: readonly string[];
  /** From then on the key is none any more; null: for ever. */
  expiresAt: Date | null;
  /** Set for an application's token. */
  application: ApplicationStamp | null;
  /** The limits of its project that are not the defaults, by name. */
  limits: Readonly<Record<string, number>>;
  /** True for the only sender of a project from the time when ids made for requests belonged to projects. */
  soleSender?: boolean;
}
