import { getDataSourceToken } from '@nestjs/typeorm';
import {
  ClsPluginTransactional,
  Propagation,
  Transactional,
  TransactionHost,
} from '@nestjs-cls/transactional';
import { TransactionalAdapterTypeOrm } from '@nestjs-cls/transactional-adapter-typeorm';
import { ClsModule } from 'nestjs-cls';
import { ambientTransactions } from '../contracts/ambient-transactions.contract.js';
import type { SendingApp } from '../support/sending-app.js';

type Host = TransactionHost<TransactionalAdapterTypeOrm>;

const PROPAGATIONS = {
  REQUIRED: Propagation.Required,
  REQUIRES_NEW: Propagation.RequiresNew,
  NESTED: Propagation.Nested,
};
const hostOf = (t: SendingApp): Host => t.app.get<Host>(TransactionHost);

ambientTransactions(
  {
    name: 'nestjs-cls',
    transaction: { inject: [TransactionHost], useFactory: (host: Host) => () => host.tx },
    app: () => ({
      imports: [
        ClsModule.forRoot({
          global: true,
          plugins: [
            new ClsPluginTransactional({
              adapter: new TransactionalAdapterTypeOrm({ dataSourceToken: getDataSourceToken() }),
            }),
          ],
        }),
      ],
    }),
    Transactional: () => Transactional(),
    currentManager: (t) => hostOf(t).tx,
    run: (t, work, propagation = 'REQUIRED') => hostOf(t).withTransaction(PROPAGATIONS[propagation], work),
  },
  ['sqlite', 'postgres'],
);
