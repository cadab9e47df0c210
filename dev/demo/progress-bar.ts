const WIDTH = 40;

/** A bar that grows in place on a terminal; elsewhere, in a log, a line for every tenth. */
export class ProgressBar {
  private tenths = 0;

  constructor(
    private readonly label: string,
    private readonly total: number,
    private readonly out: NodeJS.WriteStream = process.stdout,
  ) {}

  show(done: number): void {
    const share = this.total === 0 ? 1 : done / this.total;
    const filled = Math.round(share * WIDTH);
    const bar = `${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}`;
    const line = `${this.label} [${bar}] ${Math.floor(share * 100)} %  ${done} of ${this.total}`;
    if (this.out.isTTY) {
      this.out.write(`\r${line}${share === 1 ? '\n' : ''}`);
      return;
    }
    const tenths = Math.floor(share * 10);
    if (tenths === this.tenths) return;
    this.tenths = tenths;
    this.out.write(`${line}\n`);
  }
}
