import type { ApplicationStamp } from '#contracts';

/** Who asks, as the key says: the project never comes from anywhere else. */
export interface Principal {
  project: string;
  keyId: string;
  scopes: readonly string[];
  /** Set for an application's token. */
  application: ApplicationStamp | null;
}
