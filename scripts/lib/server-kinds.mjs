import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { find } from './find.mjs';
import { mariaDb, mySql } from './mysql-kinds.mjs';
import { firstBytes } from './network.mjs';
import { run } from './processes.mjs';

/**
 * The servers that the tests need. Each kind has the environment variable that names a running one, the packages and
 * the image that hold it, and
 * - `find()`: its programs on this machine, `main` being the server, or undefined;
 * - `unpack()`: puts programs where `find` finds them, for a kind that apt can't install beside the others;
 * - `prepare(programs, folder)`: fills a data folder and resolves to options of the server process;
 * - `command(programs, folder, port, durable)`: what to start; with `durable` no commit is lost, as in production, else
 *   nothing is ever synced, since the data lives for one run;
 * - `answers(port)`: whether it takes queries (an open port is not enough: PostgreSQL refuses while it starts).
 */
export const serverKinds = [
  {
    name: 'Redis',
    variable: 'TEST_REDIS_URL',
    url: (port) => `redis://127.0.0.1:${port}`,
    apt: 'redis-server',
    brew: 'redis',
    docker: { image: 'redis:7-alpine', port: 6379, env: [] },
    find: () => {
      const main = find('redis-server', 'valkey-server');
      return main && { main };
    },
    prepare: async (_programs, folder) => {
      mkdirSync(folder);
      return {};
    },
    command: ({ main }, folder, port, durable) => [
      main,
      ...settings((name, value) => [`--${name}`, value], {
        port,
        bind: '127.0.0.1',
        dir: folder,
        save: '',
        appendonly: durable ? 'yes' : 'no',
        'maxmemory-policy': 'noeviction',
      }),
    ],
    answers: async (port) => String(await firstBytes(port, { hello: 'PING\r\n' })).startsWith('+PONG'),
  },
  {
    name: 'PostgreSQL',
    variable: 'TEST_POSTGRES_URL',
    url: (port) => `postgres://postgres@127.0.0.1:${port}/postgres`,
    apt: 'postgresql',
    brew: 'postgresql@17',
    docker: { image: 'postgres:16-alpine', port: 5432, env: ['POSTGRES_HOST_AUTH_METHOD=trust'] },
    find: () => {
      const initdb = find('initdb');
      if (!initdb) return undefined;
      const folder = dirname(realpathSync(initdb));
      return { main: join(folder, 'postgres'), initdb: join(folder, 'initdb') };
    },
    prepare: async ({ initdb }, folder) => {
      mkdirSync(folder, { mode: 0o700 });
      // It refuses to run as root.
      const user = process.getuid?.() === 0 ? unprivilegedUser() : {};
      if (user.uid !== undefined) chownSync(folder, user.uid, user.gid);
      const cluster = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
      await run(initdb, ['-D', folder, ...cluster], { cwd: folder, ...user });
      // SIGTERM would wait for every client to leave.
      return { ...user, stopSignal: 'SIGINT', forceSignal: 'SIGQUIT' };
    },
    command: ({ main }, folder, port, durable) => [
      main,
      '-D',
      folder,
      ...settings((name, value) => ['-c', `${name}=${value}`], {
        port,
        listen_addresses: '127.0.0.1',
        unix_socket_directories: '',
        max_connections: 200,
        fsync: durable ? 'on' : 'off',
        synchronous_commit: durable ? 'on' : 'off',
        full_page_writes: durable ? 'on' : 'off',
      }),
    ],
    answers: async (port) => String(await firstBytes(port, { hello: postgresStartup() })).startsWith('R'),
  },
  mariaDb,
  mySql,
];

function settings(write, values) {
  return Object.entries(values).flatMap(([name, value]) => write(name, value));
}

function unprivilegedUser() {
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) };
    } catch {
      // Not on this machine.
    }
  }
  return {};
}

function idOf(option, name) {
  return Number(execFileSync('id', [option, name], { stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** StartupMessage of protocol 3.0. The answer starts with R if the server takes sessions, with E if it doesn't yet. */
function postgresStartup() {
  const parameters = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + parameters.length, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, parameters]);
}
