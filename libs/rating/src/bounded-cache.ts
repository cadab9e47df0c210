/** Keeps the entries used last and forgets the others, so that endless new keys take bounded memory. */
export class BoundedCache<V> {
  private readonly entries = new Map<string, V>();

  constructor(private readonly sizeMax: number) {}

  get size(): number {
    return this.entries.size;
  }

  /** The entry of a key, made when it is not there. */
  getOrMake(key: string, make: () => V): V {
    const found = this.entries.get(key);
    if (found !== undefined) {
      this.entries.delete(key);
      this.entries.set(key, found);
      return found;
    }
    const made = make();
    this.entries.set(key, made);
    if (this.entries.size > this.sizeMax) this.entries.delete(this.entries.keys().next().value!);
    return made;
  }
}
