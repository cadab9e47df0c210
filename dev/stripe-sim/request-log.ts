/** One request as it was answered. A status of null: the connection was cut or left hanging. */
export interface LoggedRequest {
  method: string;
  readonly path: string;
  readonly idempotency_key: string | null;
  readonly replayed: boolean;
  readonly status: number | null;
  readonly fault: string | null;
}

const KEPT_MAX = 10_000;

/** The latest requests, oldest first, for tests that assert what was really sent. It never holds the secret key. */
export class RequestLog {
  private entries: LoggedRequest[] = [];

  add(entry: LoggedRequest): void {
    this.entries.push(entry);
    if (this.entries.length > KEPT_MAX) this.entries.shift();
  }

  list(): readonly LoggedRequest[] {
    return this.entries;
  }

  clear(): void {
    this.entries = [];
  }
}
