import { type Amounts, type Measure, MEASURES } from './quotas.js';

const none = (): Amounts => ({ requests: 0, events: 0, bytes: 0 });

/** What one project or key has used in one window: in this process, and in all others as far as is known. */
export class Tally {
  readonly mine = none();
  private readonly told = none();
  private readonly others = none();

  constructor(
    readonly project: string,
    /** Null for the project as a whole. */
    readonly keyId: string | null,
  ) {}

  used(measure: Measure): number {
    return this.mine[measure] + this.others[measure];
  }

  /** What was used since it was last told; null for nothing. */
  unshared(): Amounts | null {
    const amounts = none();
    let some = false;
    for (const measure of MEASURES) {
      amounts[measure] = this.mine[measure] - this.told[measure];
      some ||= amounts[measure] > 0;
    }
    return some ? amounts : null;
  }

  /** @param amounts were told, after which `totals` is what all processes have used together. */
  learn(amounts: Amounts, totals: Amounts): void {
    for (const measure of MEASURES) {
      this.told[measure] += amounts[measure];
      this.others[measure] = totals[measure] - this.told[measure];
    }
  }
}
