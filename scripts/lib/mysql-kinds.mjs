import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { find, findWhere } from './find.mjs';
import { firstBytes } from './network.mjs';
import { run } from './processes.mjs';
import { unpack, unpacked } from './unpack.mjs';

const asRoot = () => (process.getuid?.() === 0 ? ['--user=root'] : []);

/** Both servers call their program mysqld. */
const isMariaDb = (program) => /mariadb/i.test(execFileSync(program, ['--version'], { encoding: 'utf8' }));

/** A greeting's first payload byte is the protocol version, 10; an error's is 255. */
const answers = async (port) => (await firstBytes(port, { listen: true }))?.[4] === 10;

/** Each server needs a temporary folder of its own: when it starts, it deletes the temporary tables that it finds there. */
const tmpOf = (folder) => `${folder}-tmp`;

function makeFolders(folder) {
  mkdirSync(folder);
  mkdirSync(tmpOf(folder));
  return [`--datadir=${folder}`, `--tmpdir=${tmpOf(folder)}`];
}

/** The options of both servers. The server knows `--no-defaults` only as its first option. */
function options(folder, port, durable, more = {}) {
  const values = {
    datadir: folder,
    tmpdir: tmpOf(folder),
    socket: join(folder, 's'),
    'pid-file': join(folder, 'pid'),
    port,
    'bind-address': '127.0.0.1',
    'max-connections': 200,
    'character-set-server': 'utf8mb4',
    'innodb-flush-log-at-trx-commit': durable ? 1 : 0,
    'innodb-fast-shutdown': 2,
    ...more,
  };
  const settings = Object.entries(values).map(([name, value]) => `--${name}=${value}`);
  return ['--no-defaults', ...asRoot(), '--skip-log-bin', ...settings];
}

export const mariaDb = {
  name: 'MariaDB',
  variable: 'TEST_MARIADB_URL',
  url: (port) => `mysql://root@127.0.0.1:${port}/test`,
  apt: 'mariadb-server',
  brew: 'mariadb',
  docker: {
    image: 'mariadb:10.11',
    port: 3306,
    env: ['MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1', 'MARIADB_DATABASE=test'],
  },
  find: () => {
    const main = find('mariadbd') ?? findWhere(isMariaDb, 'mysqld');
    const initdb = find('mariadb-install-db', 'mysql_install_db');
    return main && initdb && { main, initdb };
  },
  prepare: async ({ initdb }, folder) => {
    const place = ['--no-defaults', ...makeFolders(folder), ...asRoot()];
    await run(initdb, [...place, '--auth-root-authentication-method=normal'], { cwd: folder });
    return {};
  },
  command: ({ main }, folder, port, durable) => [
    main,
    ...options(folder, port, durable),
    '--skip-name-resolve',
  ],
  answers,
};

const MYSQL = 'mysql';

export const mySql = {
  name: 'MySQL',
  variable: 'TEST_MYSQL_URL',
  // The only database that every server has.
  url: (port) => `mysql://root@127.0.0.1:${port}/mysql`,
  brew: 'mysql',
  docker: { image: 'mysql:8.4', port: 3306, env: ['MYSQL_ALLOW_EMPTY_PASSWORD=1'] },
  find: () => {
    const main = findWhere((program) => !isMariaDb(program), 'mysqld');
    return main ? { main, launch: [main] } : unpacked(MYSQL, 'usr/sbin/mysqld');
  },
  // apt can't install it next to MariaDB's package.
  unpack: () => unpack(MYSQL, String.raw`^mysql-server-core(-[0-9.]+)?$`),
  prepare: async ({ launch: [file, ...args], root }, folder) => {
    const place = ['--no-defaults', ...baseOf(root), ...makeFolders(folder), ...asRoot()];
    await run(file, [...args, ...place, '--initialize-insecure', ...UNSYNCED], { cwd: folder });
    return {};
  },
  command: ({ launch, root }, folder, port, durable) => [
    ...launch,
    ...options(folder, port, durable, { mysqlx: 'OFF', 'secure-file-priv': 'NULL' }),
    ...baseOf(root),
    ...(durable ? [] : UNSYNCED),
  ],
  answers,
};

/** Tells an unpacked server where its messages and character sets are: below its own folder. */
const baseOf = (root) => (root ? [`--basedir=${join(root, 'usr')}`] : []);

const UNSYNCED = ['--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=OFF'];
