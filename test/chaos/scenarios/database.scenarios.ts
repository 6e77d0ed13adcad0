import type { ServerKind } from '../../support/databases.js';
import { daily } from '../../support/daily.js';
import type { ChaosRun } from '../chaos-run.js';
import { FaultProxy } from '../fault-proxy.js';
import { volume } from '../options.js';
import { OwnServer } from '../own-server.js';
import { holding } from '../recording-receiver.js';
import { MARIADB, MARIADB_BULL, MYSQL, POSTGRES, POSTGRES_BULL, type Scenario } from '../scenario.js';

const EVENTS = volume(20, 500);
/** Rows of an index: pages are split beside those of an open transaction. */
const SEVERAL_PAGES = 500;

const SERVER_NAMES = { postgres: 'PostgreSQL', mariadb: 'MariaDB', mysql: 'MySQL' } as const;

/** A server that may go down, with an empty database on it. */
async function ownDatabase(chaos: ChaosRun): Promise<OwnServer> {
  const type = chaos.stack.database as ServerKind;
  const server = await OwnServer.start(SERVER_NAMES[type]);
  chaos.atEnd(() => server.stop());
  const url = type === 'postgres' ? server.url : server.url.replace(/\/test$/, '/mysql');
  await chaos.useDatabase({ options: { type, url }, drop: async () => undefined });
  return server;
}

/** What the apps started from now on have in front of their database. */
async function databaseBehindProxy(chaos: ChaosRun): Promise<FaultProxy> {
  const { url } = chaos.database.options as { url: string };
  const proxy = await FaultProxy.start(url);
  chaos.atEnd(() => proxy.stop());
  chaos.databaseUrl = proxy.url;
  return proxy;
}

/** Rows that the app's own transactions change. */
async function accounts(chaos: ChaosRun): Promise<void> {
  const engine = chaos.stack.database !== 'postgres' ? ' ENGINE=InnoDB' : '';
  await chaos.dataSource.query(`CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)${engine}`);
  await chaos.dataSource.query('INSERT INTO accounts (id, balance) VALUES (1, 0), (2, 0), (3, 0)');
}

export const databaseFaults: readonly Scenario[] = [
  {
    name: 'transactions are rolled back',
    stacks: daily([POSTGRES_BULL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const app = await chaos.app();
      await chaos.endpoint(app);
      chaos.fault('rollbacks');
      await Promise.all([
        chaos.emit(app, EVENTS, { transaction: { rollback: true } }),
        chaos.emit(app, EVENTS, { transaction: {} }),
        chaos.emit(app, EVENTS),
      ]);
    },
  },
  {
    name: 'transactions of the app fail to serialise',
    stacks: [POSTGRES_BULL, MARIADB],
    allowsDuplicates: false,
    async run(chaos) {
      await accounts(chaos);
      const app = await chaos.app();
      await chaos.endpoint(app);
      chaos.fault('SERIALIZABLE');
      const transaction = { isolation: 'SERIALIZABLE', updates: [1, 2] } as const;
      for (let round = 0; round < volume(3, 30); round++) await chaos.emit(app, 8, { transaction });
      if (chaos.ledger.count('rolled back') === 0) throw new Error('Every transaction was serialised.');
    },
  },
  {
    name: 'transactions of the app deadlock',
    stacks: [POSTGRES, MARIADB_BULL],
    allowsDuplicates: false,
    async run(chaos) {
      await accounts(chaos);
      const app = await chaos.app();
      await chaos.endpoint(app);
      const deadlock = async (): Promise<void> => {
        await Promise.all([
          chaos.emit(app, 3, { transaction: { updates: [1, 2, 3] } }),
          chaos.emit(app, 3, { transaction: { updates: [3, 2, 1] } }),
        ]);
      };
      const deadlocked = (): boolean => chaos.ledger.count('rolled back') > 0;
      for (let round = 0; round < volume(1, 10) || (round < 20 && !deadlocked()); round++) await deadlock();
      chaos.fault('deadlock');
      if (!deadlocked()) throw new Error('There was no deadlock.');
    },
  },
  {
    name: 'the database crashes while events are emitted',
    stacks: daily([POSTGRES_BULL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: true,
    async run(chaos) {
      const database = await ownDatabase(chaos);
      const emitter = await chaos.app({ worker: false });
      await chaos.endpoint(emitter);
      await chaos.app();
      const emitMany = async (): Promise<void> => {
        for (let count = 0; count < 50; count++) {
          await chaos.emit(emitter, 3, count % 2 ? { transaction: {} } : {});
        }
      };
      for (let round = 0; round < volume(1, 5); round++) {
        const committed = chaos.ledger.count('committed');
        const emitting = emitMany();
        await chaos.until('emits commit', () => chaos.ledger.count('committed') > committed);
        chaos.fault('database crash');
        await database.kill();
        await database.up();
        await emitting;
        await chaos.emit(emitter, EVENTS);
      }
      if (chaos.ledger.count('unknown') === 0) throw new Error('No emit met the crash.');
    },
  },
  {
    name: 'the database crashes before outcomes are recorded',
    stacks: daily([MARIADB_BULL], POSTGRES_BULL, POSTGRES),
    allowsDuplicates: true,
    async run(chaos) {
      const database = await ownDatabase(chaos);
      const app = await chaos.app();
      await chaos.endpoint(app);
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(app, EVENTS);
      await chaos.receiver.received(5);
      chaos.fault('database crash');
      await database.kill();
      held.answerAll();
      await database.up();
    },
  },
  {
    name: 'connections are cut before COMMIT is answered',
    stacks: [POSTGRES_BULL, MARIADB],
    allowsDuplicates: true,
    async run(chaos) {
      const setup = await chaos.app({ worker: false });
      await chaos.endpoint(setup);
      await chaos.app();
      const proxy = await databaseBehindProxy(chaos);
      const emitter = await chaos.app({ worker: false });
      for (let round = 0; round < volume(4, 40); round++) {
        await chaos.emit(emitter, 5);
        const emitting = [chaos.emit(emitter, 5, { transaction: {} }), chaos.emit(emitter, 5)];
        // A little later in each round, so that it hits another statement.
        for (let turn = 0; turn < round * 2; turn++) await chaos.pending();
        chaos.fault('answers lost');
        proxy.freeze('answers');
        for (let turn = 0; turn < 5; turn++) await chaos.pending();
        proxy.cut();
        proxy.heal();
        await Promise.all(emitting);
      }
    },
  },
  {
    name: 'a worker’s connections to the database are half-open',
    stacks: daily([POSTGRES_BULL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: true,
    async run(chaos) {
      const other = await chaos.app({ worker: false });
      await chaos.endpoint(other);
      const direct = chaos.databaseUrl;
      const proxy = await databaseBehindProxy(chaos);
      const worker = await chaos.app();
      chaos.databaseUrl = direct;
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(other, EVENTS);
      await chaos.receiver.received(5);
      chaos.fault('half-open');
      proxy.freeze('requests', 'answers');
      held.answerAll();
      // Another takes over what the stuck one holds, and only then do its records get through.
      await chaos.app();
      await chaos.until('all is taken over', async () => (await chaos.pending()) === 0);
      chaos.fault('late records');
      proxy.heal();
      await chaos.call(worker, 'deliveries.list', { tenant: 'acme' }, { limit: 1 });
    },
  },
  {
    name: 'slow receivers hang, and the pool has one connection',
    stacks: daily([POSTGRES], POSTGRES_BULL, MARIADB),
    allowsDuplicates: false,
    async run(chaos) {
      const app = await chaos.app({
        database: { poolSize: 1 },
        webhooks: { delivery: { timeout: '20s', lease: '40s' } },
      });
      for (let count = 0; count < 10; count++) await chaos.endpoint(app);
      const held = holding();
      chaos.behaviour = held;
      await chaos.emit(app, 5);
      // An app leaves some of its fifty to others while none of its endpoints answers.
      await chaos.receiver.received(25);
      chaos.fault('25 requests hang');
      await chaos.within(5_000, 'An emit beside hanging requests', chaos.emit(app, EVENTS));
      await chaos.within(5_000, 'A transaction beside them', chaos.emit(app, 5, { transaction: {} }));
      if (chaos.ledger.count('committed') !== EVENTS + 10) throw new Error('An emit failed.');
      held.answerAll();
    },
  },
  {
    name: 'a transaction that emitted first commits last',
    stacks: daily([POSTGRES_BULL, MYSQL], POSTGRES, MARIADB_BULL),
    allowsDuplicates: false,
    async run(chaos) {
      const app = await chaos.app();
      await chaos.endpoint(app);
      chaos.fault('late commit');
      await app.send('hold', chaos.newEmits(3));
      await chaos.emit(app, SEVERAL_PAGES);
      await chaos.until('those that came later are delivered', async () => {
        const delivered = await chaos.deliveries({ status: 'succeeded' });
        return delivered.length === SEVERAL_PAGES;
      });
      await app.send('commit');
    },
  },
];
