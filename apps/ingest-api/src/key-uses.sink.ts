import type { KeyUse } from '#access';
import type { Postgres } from '#postgres';
import { ApiKeyWrites } from '#postgres/writes';

/** Writes when keys were used last: once a minute, and nothing waits for it. */
export class KeyUsesSink {
  constructor(private readonly postgres: Postgres) {}

  write(uses: readonly KeyUse[]): Promise<void> {
    return new ApiKeyWrites(this.postgres).noteUses(uses);
  }
}
