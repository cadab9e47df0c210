const SLOTS = 1024;

/** Finds which of a few known names stands between two positions of a body, without making a string of it. */
export class FieldTable {
  private readonly names: Buffer[];
  private readonly slots = new Int16Array(SLOTS).fill(-1);

  constructor(names: readonly string[]) {
    this.names = names.map((name) => Buffer.from(name));
    this.names.forEach((name, index) => {
      let slot = hashOf(name) & (SLOTS - 1);
      while (this.slots[slot] !== -1) slot = (slot + 1) & (SLOTS - 1);
      this.slots[slot] = index;
    });
  }

  /** The place of the name in the list, or -1. `hash` is `hashStep` over all of its bytes. */
  find(bytes: Buffer, start: number, end: number, hash: number): number {
    let slot = hash & (SLOTS - 1);
    for (;;) {
      const index = this.slots[slot]!;
      if (index === -1 || isEqual(this.names[index]!, bytes, start, end)) return index;
      slot = (slot + 1) & (SLOTS - 1);
    }
  }
}

export function hashStep(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

function hashOf(name: Buffer): number {
  return name.reduce(hashStep, 0);
}

function isEqual(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at += 1) {
    if (name[at] !== bytes[start + at]) return false;
  }
  return true;
}
