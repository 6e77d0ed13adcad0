import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import type { WebhooksStructureOptions } from './webhooks-options.js';

/** The name of the `DataSource` that the module opens itself. */
export const OWN_DATA_SOURCE = 'nestjs-webhooks';

/** The option `database`, as a `DataSource` takes it. */
export type OwnDatabase =
  | {
      readonly type: 'postgres' | 'mysql' | 'mariadb';
      readonly url: string;
      readonly database?: never;
      /** PostgreSQL: the schema of the tables. */
      readonly schema?: string;
    }
  | { readonly type: 'better-sqlite3'; readonly database: string };

const SERVERS = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mariadb',
} as const;

/**
 * Never shows the URL, which contains a password.
 * @throws InvalidWebhooksOptionError
 */
export function checkDatabase(options: WebhooksStructureOptions): OwnDatabase | undefined {
  if (!Object.hasOwn(options, 'database')) return undefined;
  const { database: given, dataSource } = options;
  const fail = (problem: string): never => {
    throw new InvalidWebhooksOptionError('database', problem);
  };
  if (dataSource !== undefined) fail('is given beside dataSource. Leave one of them out.');
  if (typeof given !== 'string' || given === '') {
    const got = given === '' ? 'an empty text' : given === null ? 'null' : typeof given;
    return fail(
      `must be the URL of a database, such as process.env.DATABASE_URL, got ${got}. Is the environment variable set?`,
    );
  }
  const file = /^file:(?:\/\/)?(?<path>[^?]+)/.exec(given)?.groups?.path;
  if (file) return { type: 'better-sqlite3', database: file };
  const url = URL.canParse(given)
    ? new URL(given)
    : fail('is no URL. Write postgres://user:password@host/name.');
  const type = SERVERS[url.protocol as keyof typeof SERVERS];
  if (!type)
    return fail(
      `begins with ${url.protocol}, and must begin with postgres:, mysql:, mariadb: or file: (SQLite).`,
    );
  const tls = [...url.searchParams.keys()].find((name) => type !== 'postgres' && /ssl|tls/i.test(name));
  if (tls !== undefined)
    return fail(
      `has the parameter ${tls}, which is not read of a MySQL URL. Open a DataSource with TypeOrmModule.forRoot, and name it in dataSource.`,
    );
  const schema = type === 'postgres' ? url.searchParams.get('schema') : null;
  return { type, url: given, ...(schema ? { schema } : {}) };
}
