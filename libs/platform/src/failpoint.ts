let armed: { name: string; hitsLeft: number } | null = null;

/** Arms one failpoint, given as `name` or `name:nth`. */
export function armFailpoint(spec: string | undefined): void {
  if (spec === undefined) return;
  const [name = '', nth = '1'] = spec.split(':');
  armed = { name, hitsLeft: Number(nth) };
}

/** Ends the process with SIGKILL when this failpoint is armed and due: nothing after it runs, as in a power cut. */
export function failpoint(name: string): void {
  if (armed?.name !== name) return;
  armed.hitsLeft -= 1;
  if (armed.hitsLeft === 0) process.kill(process.pid, 'SIGKILL');
}
