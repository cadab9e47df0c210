/** Trouble whose message is all that the user needs: no stack is shown. */
export class PlainError extends Error {}
