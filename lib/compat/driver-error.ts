/** What drivers put into their errors. */
export interface DriverError {
  /**
   * `pg`: the SQLSTATE. `mysql2`, `mysql`: a name such as `ER_LOCK_DEADLOCK`. `better-sqlite3`: a name such as
   * `SQLITE_BUSY`.
   */
  readonly code?: unknown;
  /** `mysql2`, `mysql`: the server's number. */
  readonly errno?: unknown;
  /** `mysql2`, `mysql`: the SQLSTATE, if the server answered. */
  readonly sqlState?: unknown;
  /** `pg`: present if the server answered. */
  readonly severity?: unknown;
}

/**
 * The driver's own error, which TypeORM 0.3 and 1 keep in `driverError` of theirs. Another error is returned as it is.
 */
export function driverErrorOf(error: unknown): DriverError {
  const { driverError = error } = Object(error) as { driverError?: unknown };
  return Object(driverError) as DriverError;
}

/**
 * Where TypeORM 0.3 and 1 keep the values of a statement (`parameters`), and drivers do (`sql`; PostgreSQL: the failing
 * row).
 */
const VALUES = ['parameters', 'sql', 'detail', 'where'];

/** Removes from an error what was to be written. */
export function withoutValues(error: unknown): void {
  for (const holder of [Object(error), driverErrorOf(error)] as object[]) {
    for (const name of VALUES) Reflect.deleteProperty(holder, name);
  }
}
