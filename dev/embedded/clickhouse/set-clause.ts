import { quotedIdentifier, stringLiteral } from './sql-literal.js';

const SETTING_NAME = /^[A-Za-z_][A-Za-z0-9_.]*$/;

/** Whether a name can be a setting or query parameter; anything else must not reach SQL text. */
export const isSettingName = (name: string): boolean => SETTING_NAME.test(name);

/**
 * The statements that put a fresh connection into a request's state: one SET, so that `readonly` guards the statement that
 * follows and not the settings beside it, then USE. Empty when there is nothing to set.
 *
 * @param parameters values in ClickHouse's escaped text form, by bare name
 */
export function setClause(
  settings: ReadonlyMap<string, string>,
  parameters: ReadonlyMap<string, string>,
  database: string | undefined,
): string {
  const assignments = [
    ...[...settings].map(([name, value]) => `${name} = ${stringLiteral(value)}`),
    ...[...parameters].map(([name, value]) => `param_${name} = ${stringLiteral(value)}`),
  ];
  const statements = [];
  if (assignments.length > 0) statements.push(`SET ${assignments.join(', ')}`);
  if (database !== undefined) statements.push(`USE ${quotedIdentifier(database)}`);
  return statements.join('; ');
}
