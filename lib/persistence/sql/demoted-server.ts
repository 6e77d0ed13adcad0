import { driverErrorOf } from '../../compat/driver-error.js';

/** PostgreSQL: read_only_sql_transaction. */
const POSTGRES = '25006';

/**
 * MySQL, MariaDB and their clusters: a statement that `read_only` forbids, the server in read-only mode, a read-only
 * transaction, InnoDB in read-only mode, and a node of Galera that has left its cluster.
 */
const MYSQL: readonly unknown[] = [1290, 1836, 1792, 1874, 1047];

/**
 * Whether a statement was refused because the server no longer takes writes. It has become a replica, and its
 * connections would stay in the pool although there is a new primary. Nothing was written.
 */
export function isDemoted(error: unknown): boolean {
  const { code, errno } = driverErrorOf(error);
  return code === POSTGRES || MYSQL.includes(errno);
}
