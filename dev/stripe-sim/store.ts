import { randomBytes } from 'node:crypto';
import { Journal, type Change } from './journal.js';
import type { Tables } from './tables.js';

type TableName = keyof Tables;
type Rows = { [T in TableName]: Map<string, Tables[T]> };

const emptyRows = (): Rows => ({
  customers: new Map(),
  products: new Map(),
  prices: new Map(),
  invoices: new Map(),
  invoice_items: new Map(),
  saved_answers: new Map(),
  clock: new Map(),
  sequences: new Map(),
});

/** All state of the simulator: in memory, and in the journal before anyone is told about it. Rows are never mutated. */
export class Store {
  private rows = emptyRows();
  private changes: (Change & { before: unknown })[] = [];

  private constructor(private readonly journal: Journal) {}

  static open(directory: string): Store {
    const { journal, changes } = Journal.open(directory);
    const store = new Store(journal);
    for (const change of changes) store.apply(change);
    return store;
  }

  /** Runs `work` and makes what it wrote durable, or, when it throws, undoes what it wrote. */
  transaction<T>(work: () => T): T {
    try {
      const result = work();
      if (this.changes.length > 0)
        this.journal.append(this.changes.map(({ table, id, value }) => ({ table, id, value })));
      return result;
    } catch (error) {
      for (const { table, id, before } of this.changes.toReversed())
        this.apply({ table, id, value: before });
      throw error;
    } finally {
      this.changes = [];
    }
  }

  get<T extends TableName>(table: T, id: string): Tables[T] | undefined {
    return this.rows[table].get(id);
  }

  /** Every row, the newest first, which is the order of Stripe's lists. */
  newestFirst<T extends TableName>(table: T): Tables[T][] {
    return [...this.rows[table].values()].toReversed();
  }

  put<T extends TableName>(table: T, id: string, value: Tables[T]): Tables[T] {
    this.record(table, id, value);
    return value;
  }

  remove(table: TableName, id: string): void {
    this.record(table, id, null);
  }

  /**
   * Ids are random and never counted: a simulator that was emptied must not hand out an id again that somebody
   * else's database still remembers.
   */
  newId(prefix: string): string {
    return `${prefix}_${randomBytes(12).toString('hex')}`;
  }

  nextInSequence(name: string): number {
    return this.put('sequences', name, { last: (this.get('sequences', name)?.last ?? 0) + 1 }).last;
  }

  /** Unix seconds on the simulator's own clock, which tests advance. */
  now(): number {
    return Math.floor(Date.now() / 1000) + (this.get('clock', 'clock')?.offset_seconds ?? 0);
  }

  reset(): void {
    this.journal.clear();
    this.rows = emptyRows();
  }

  close(): void {
    this.journal.close();
  }

  private record(table: TableName, id: string, value: unknown): void {
    const change = { table, id, value, before: this.get(table, id) ?? null };
    this.changes.push(change);
    this.apply(change);
  }

  private apply({ table, id, value }: Change): void {
    const rows = this.rows[table as TableName] as Map<string, unknown>;
    if (value === null) rows.delete(id);
    else rows.set(id, value);
  }
}
