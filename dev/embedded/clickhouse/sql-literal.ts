/** Text as a single-quoted ClickHouse string. */
export const stringLiteral = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A name as a quoted ClickHouse identifier. */
export const quotedIdentifier = (name: string): string =>
  `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
