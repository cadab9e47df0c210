/** What may stand in the strings of managed objects: characters are code points, and no control character among them. */
export const NAME_TEXT = /^[^\p{Cc}\p{Cs}]{1,256}$/u;
export const NAME_MESSAGE =
  '$property must be a string of 1 to 256 characters, none a control character';

/** Ids that end up in paths and tables of ours, and are chosen by who runs the platform or a project. */
export const ID_TEXT = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
export const ID_MESSAGE =
  '$property must be 1 to 64 letters, digits, dots, underscores or hyphens, beginning with a letter or digit';

/** A factor on cost: plain decimal notation, not negative. */
export const MARKUP_TEXT = /^\d{1,6}(?:\.\d{1,12})?$/;
