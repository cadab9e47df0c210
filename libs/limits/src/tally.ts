import { type Amounts, noUse, type UseKind, USE_KINDS } from './quotas.js';

/** What one project or key has used in one window: in this process, and in all others as far as is known. */
export class Tally {
  readonly mine = noUse();
  private readonly told = noUse();
  private readonly others = noUse();

  constructor(
    readonly project: string,
    /** Null for the project as a whole. */
    readonly keyId: string | null,
  ) {}

  used(kind: UseKind): number {
    return this.mine[kind] + this.others[kind];
  }

  /** What was used since it was last told; null for nothing. */
  unshared(): Amounts | null {
    const amounts = noUse();
    let some = false;
    for (const kind of USE_KINDS) {
      amounts[kind] = this.mine[kind] - this.told[kind];
      some ||= amounts[kind] > 0;
    }
    return some ? amounts : null;
  }

  /** @param amounts were told, after which `totals` is what all processes have used together. */
  learn(amounts: Amounts, totals: Amounts): void {
    for (const kind of USE_KINDS) {
      this.told[kind] += amounts[kind];
      this.others[kind] = totals[kind] - this.told[kind];
    }
  }
}
