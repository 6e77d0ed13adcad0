/** What drivers tell of an error. */
export interface DriverError {
  /** `pg`: the SQLSTATE. `mysql2`, `mysql`: a name such as `ER_LOCK_DEADLOCK`. `better-sqlite3`: one such as `SQLITE_BUSY`. */
  readonly code?: unknown;
  /** `mysql2`, `mysql`: the server's number. */
  readonly errno?: unknown;
  /** `mysql2`, `mysql`: the SQLSTATE, where the server answered. */
  readonly sqlState?: unknown;
  /** `pg`: where the server answered. */
  readonly severity?: unknown;
}

/** The driver's own error, which TypeORM 0.3 and 1 put into `driverError` of theirs; an error that is none of TypeORM's, as it is. */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return Object(driverError) as DriverError;
}

/** Where TypeORM 0.3 and 1 keep the values of a statement (`parameters`), and the drivers (`sql`; PostgreSQL: the failing row). */
const VALUES = ['parameters', 'sql', 'detail', 'where'];

/** Takes what was to be written out of an error. */
export function withoutValues(error: unknown): void {
  for (const holder of [Object(error), driverErrorOf(error)] as object[]) {
    for (const name of VALUES) Reflect.deleteProperty(holder, name);
  }
}
