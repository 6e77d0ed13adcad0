import { webhooksEntities, WebhookEndpoint } from 'nestjs-webhooks';
import type { DataSourceOptions } from 'typeorm';
import { migratedDatabase, withDataSource } from './bare-app.js';
import { createDatabase, type DatabaseKind, type TestDatabase } from './databases.js';

export interface ReplicatedDatabase extends TestDatabase {
  /** Copies the current endpoints to the replica. */
  snapshot(): Promise<void>;
}

/**
 * A database with a second one as a replica that stays behind: only `snapshot` copies rows to it. The replica
 * has our tables, unless told otherwise, and no rows.
 */
export async function replicatedDatabase(
  kind: Exclude<DatabaseKind, 'sqlite'>,
  { replicaHasTables = true } = {},
): Promise<ReplicatedDatabase> {
  const primary = await migratedDatabase(kind);
  const replica = replicaHasTables ? await migratedDatabase(kind) : await createDatabase(kind);
  const urlOf = ({ options }: TestDatabase): { url: string } => ({ url: (options as { url: string }).url });
  return {
    options: {
      type: kind,
      entities: webhooksEntities,
      replication: { master: urlOf(primary), slaves: [urlOf(replica)] },
    } as DataSourceOptions,
    snapshot: async () => {
      const endpoints = await withDataSource(primary, (dataSource) =>
        dataSource.createQueryBuilder(WebhookEndpoint, 'row').addSelect('row.secrets').getMany(),
      );
      await withDataSource(replica, (dataSource) => dataSource.manager.insert(WebhookEndpoint, endpoints));
    },
    drop: async () => {
      await primary.drop();
      await replica.drop();
    },
  };
}
