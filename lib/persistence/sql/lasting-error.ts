import { driverErrorOf } from '../../compat/driver-error.js';

/** SQLSTATE classes of temporary errors: connections, undone transactions, resources, locks, operators, the system. */
const PASSING_CLASSES = new Set(['08', '25', '40', '53', '55', '57', '58', 'XX', '70']);
/**
 * The same for MySQL and MariaDB, which give most of them the state HY000: too many connections, a full disk or table,
 * locks, timeouts, a server that shuts down or takes no writes.
 */
const PASSING_NUMBERS = new Set([
  1021, 1037, 1040, 1041, 1047, 1053, 1114, 1203, 1205, 1213, 1226, 1290, 1317, 1792, 1836, 1874, 1969, 3024,
  3168,
]);
const PASSING_SQLITE =
  /^SQLITE_(?:BUSY|LOCKED|FULL|IOERR|READONLY|CANTOPEN|NOMEM|PROTOCOL|INTERRUPT|SCHEMA|ABORT|NOTADB|CORRUPT)/;

/** An error of the statement, whatever its values: a privilege, a table, a column or a key is missing. */
const STATEMENT_CLASS = '42';

/** How long an error will last: it passes; this statement would fail again; every statement like it would fail. */
export function lastingOf(error: unknown): 'passes' | 'this' | 'every' {
  const { code, errno, sqlState, severity } = driverErrorOf(error);
  if (typeof code === 'string' && code.startsWith('SQLITE_')) {
    if (PASSING_SQLITE.test(code)) return 'passes';
    return code === 'SQLITE_ERROR' ? 'every' : 'this';
  }
  // Only an answer of the server has one: for `pg`, and for `mysql2` or `mysql`.
  const state = severity === undefined ? sqlState : code;
  if (typeof state !== 'string') return 'passes';
  const stateClass = state.slice(0, 2);
  if (PASSING_CLASSES.has(stateClass) || PASSING_NUMBERS.has(Number(errno))) return 'passes';
  return stateClass === STATEMENT_CLASS ? 'every' : 'this';
}
