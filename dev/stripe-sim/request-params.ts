import { parse } from 'qs';
import { invalidParameter, missingParameter, unknownParameter } from './api-error.js';
import type { Metadata } from './tables.js';

/** One decoded parameter: text, a map (`metadata[a]=b`) or a list (`lines[0][amount]=5`, `expand[]=x`). */
type FormValue = string | FormMap | FormValue[];
interface FormMap {
  [name: string]: FormValue;
}

/** Far more than an invoice holds; a list that is longer is not taken for one. */
const LIST_LENGTH_MAX = 1_000;

/**
 * Reads the parameters of one call. Each is read at most once; `end()` refuses what nobody read, so that a caller
 * never believes in a parameter that the simulator ignores. Errors are Stripe's, and name the parameter.
 */
export class RequestParams {
  private readonly unread: Set<string>;

  constructor(
    private readonly values: FormMap,
    private readonly prefix = '',
  ) {
    this.unread = new Set(Object.keys(values));
  }

  /** The parameters of a query string or a body, in Stripe's bracketed form encoding. */
  static ofForm(encoded: string): RequestParams {
    // qs drops such names, and here nothing is passed over in silence.
    for (const name of new URLSearchParams(encoded).keys())
      if (/^__proto__|\[__proto__\]/.test(name)) throw unknownParameter(name);
    const values = parse(encoded, {
      plainObjects: true,
      depth: 8,
      parameterLimit: Infinity,
      arrayLimit: LIST_LENGTH_MAX,
      // The keys of metadata may be numbers, and must not be counted anew.
      allowSparse: true,
      duplicates: 'last',
    });
    return new RequestParams(values as FormMap);
  }

  /** A flat JSON object reads like a form: numbers and flags become their text. */
  static ofJson(text: string): RequestParams {
    const entries = Object.entries(JSON.parse(text) as Record<string, unknown>);
    return new RequestParams(
      Object.fromEntries(entries.map(([name, value]) => [name, String(value)])),
    );
  }

  has(name: string): boolean {
    return Object.hasOwn(this.values, name);
  }

  /** Undefined when absent; the empty string, which is how Stripe clears a field, comes back as null. */
  text(name: string): string | null | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string')
      throw invalidParameter(this.path(name), `Invalid string: ${this.path(name)}`);
    return value === '' ? null : value;
  }

  requiredText(name: string): string {
    const value = this.text(name);
    if (value === undefined || value === null) throw missingParameter(this.path(name));
    return value;
  }

  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const match = allowed.find((each) => each === value);
    if (match === undefined) {
      throw invalidParameter(
        this.path(name),
        `Invalid ${this.path(name)}: must be one of ${allowed.join(', ')}`,
      );
    }
    return match;
  }

  flag(name: string): boolean | undefined {
    const value = this.oneOf(name, ['true', 'false']);
    return value === undefined ? undefined : value === 'true';
  }

  integer(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const parsed = Number(value);
    if (value === null || !/^-?\d{1,15}$/.test(value) || !Number.isSafeInteger(parsed)) {
      throw invalidParameter(this.path(name), `Invalid integer: ${String(value)}`);
    }
    return parsed;
  }

  map(name: string): RequestParams | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' || Array.isArray(value)) {
      throw invalidParameter(this.path(name), `Invalid object: ${this.path(name)}`);
    }
    return new RequestParams(value, this.path(name));
  }

  list(name: string): RequestParams[] | undefined {
    const value = this.take(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.includes(undefined as never))
      throw invalidParameter(this.path(name), `Invalid array: ${this.path(name)}`);
    return value.map((item, index) => {
      const path = `${this.path(name)}[${index}]`;
      if (typeof item === 'string' || Array.isArray(item))
        throw invalidParameter(path, `Invalid object: ${path}`);
      return new RequestParams(item, path);
    });
  }

  /** Stripe merges metadata key by key: an empty value removes its key, an empty `metadata` removes all. */
  metadata(current: Metadata): Metadata {
    const value = this.take('metadata');
    if (value === undefined) return current;
    if (value === '') return {};
    if (typeof value === 'string') throw invalidParameter('metadata', 'Invalid object: metadata');
    const merged = new Map(Object.entries(current));
    for (const [key, entry] of Object.entries(value)) {
      if (typeof entry !== 'string' || key.length > 40 || entry.length > 500) {
        throw invalidParameter(
          `metadata[${key}]`,
          'Metadata keys have up to 40 characters and values are strings of up to 500.',
        );
      }
      if (entry === '') merged.delete(key);
      else merged.set(key, entry);
    }
    if (merged.size > 50) throw invalidParameter('metadata', 'Metadata holds up to 50 keys.');
    return Object.fromEntries(merged);
  }

  end(): void {
    for (const name of this.unread) throw unknownParameter(this.path(name));
  }

  private take(name: string): FormValue | undefined {
    this.unread.delete(name);
    return this.has(name) ? this.values[name] : undefined;
  }

  private path(name: string): string {
    return this.prefix === '' ? name : `${this.prefix}[${name}]`;
  }
}
