import pg from 'pg';

/** SQLSTATE classes of trouble that passes: connection, resources, operator intervention, system; and a lost race. */
const PASSING = /^(?:08|53|57|58|40)/;

/** Whether a failed question may succeed later: the server was not reached, broke off, or said that it cannot now. */
export function isPostgresOutage(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) return PASSING.test(error.code ?? '');
  return !(error instanceof TypeError) && !(error instanceof RangeError);
}
