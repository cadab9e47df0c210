/** Why a call did not give its answer, and what that says about the write. */
export type Trouble = {
  readonly kind:
    /** Stripe said no. Nothing was written, and asking again is no use. */
    | 'refused'
    /** The key is wrong or lacks a permission: every other call will fail too. */
    | 'unauthorised'
    /** 429, which comes before anything is done. */
    | 'throttled'
    /** The key may be used up: Stripe keeps a 5xx under it, or another request. The write may have happened. */
    | 'key_spent'
    /** No answer that can be understood: the write may have happened. The same key may be sent again. */
    | 'ambiguous';
  readonly message: string;
  readonly code: string | null;
  readonly status: number | null;
};

/** What came of a call. Stripe's own troubles are values; nothing here throws for them. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly trouble: Trouble };

export const done = <T>(value: T): Outcome<T> => ({ ok: true, value });

export const refused = (code: string, message: string): Outcome<never> => ({
  ok: false,
  trouble: { kind: 'refused', code, message, status: null },
});
