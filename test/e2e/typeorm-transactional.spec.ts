import { DataSource } from 'typeorm';
import {
  addTransactionalDataSource,
  deleteDataSourceByName,
  initializeTransactionalContext,
  Propagation,
  runInTransaction,
  StorageDriver,
  Transactional,
} from 'typeorm-transactional';
import { ambientTransactions } from '../contracts/ambient-transactions.contract.js';

initializeTransactionalContext({ storageDriver: StorageDriver.AUTO });

ambientTransactions(
  {
    name: 'typeorm-transactional',
    transaction: { inject: [DataSource], useFactory: (dataSource: DataSource) => () => dataSource.manager },
    app: () => ({
      dataSourceFactory: async (options) => {
        // The library knows one of each name.
        deleteDataSourceByName('default');
        return addTransactionalDataSource(new DataSource(options!));
      },
    }),
    Transactional: () => Transactional(),
    currentManager: (t) => t.dataSource.manager,
    run: (_, work, propagation = 'REQUIRED') =>
      runInTransaction(work, { propagation: Propagation[propagation] }),
  },
  ['sqlite', 'postgres'],
);
