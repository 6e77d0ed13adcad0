import { Migration, MigrationExecutor, type DataSource, type EntityMetadata } from 'typeorm';
import { WebhooksError } from '../domain/webhooks.error.js';
import { webhooksEntities } from './entities.js';
import { webhooksMigrations } from './migrations/index.js';
import { readingManager } from './sql/reading-manager.js';

/** The database lacks our tables, or some of their columns. The app does not start. */
export class WebhooksSchemaError extends WebhooksError {
  readonly code = 'webhooks/schema-behind';

  constructor(table: string, options: ErrorOptions) {
    super(
      `The table '${table}' is missing, or behind this version of nestjs-webhooks. Add webhooksMigrations to the ` +
        `migrations of your DataSource and run them (migrationsRun: true, or 'typeorm migration:run'). In ` +
        'development, synchronize: true does it for you.',
      options,
    );
  }
}

/** The app's `DataSource` does not know our entities. The app does not start. */
export class WebhooksEntitiesMissingError extends WebhooksError {
  readonly code = 'webhooks/entities-missing';

  constructor(entity: string) {
    super(
      `The DataSource does not know the entity ${entity}. Set autoLoadEntities: true in TypeOrmModule.forRoot, or ` +
        'add ...webhooksEntities to its entities.',
    );
  }
}

/** @throws WebhooksEntitiesMissingError */
export function checkEntities(dataSource: DataSource): void {
  const missing = webhooksEntities.find((entity) => !dataSource.hasMetadata(entity));
  if (missing) throw new WebhooksEntitiesMissingError(missing.name);
}

/**
 * Makes sure that the tables are there. A `DataSource` that synchronizes gets them from the shipped migrations,
 * which are recorded in its migrations table, so that it can move over to running them itself.
 * @throws WebhooksSchemaError
 */
export async function prepareSchema(dataSource: DataSource): Promise<void> {
  const metadata = webhooksEntities.map((entity) => dataSource.getMetadata(entity));
  const behind = await firstBehind(dataSource, metadata);
  if (!behind) return;
  if (!dataSource.options.synchronize) throw behind;
  await migrate(dataSource);
  const stillBehind = await firstBehind(dataSource, metadata);
  if (stillBehind) throw stillBehind;
}

async function firstBehind(
  dataSource: DataSource,
  metadata: readonly EntityMetadata[],
): Promise<WebhooksSchemaError | undefined> {
  const primary = readingManager(dataSource, 'master');
  for (const entity of metadata) {
    const query = primary.createQueryBuilder(entity.target, 't').where('1 = 0');
    try {
      await query.getRawMany();
    } catch (error) {
      return new WebhooksSchemaError(entity.tableName, { cause: error });
    }
  }
  return undefined;
}

async function migrate(dataSource: DataSource): Promise<void> {
  const executor = new MigrationExecutor(dataSource);
  const executed = new Set((await executor.getExecutedMigrations()).map((migration) => migration.name));
  for (const Class of webhooksMigrations) {
    const instance = new Class();
    if (executed.has(instance.name)) continue;
    const timestamp = Number(/\d+$/.exec(instance.name)![0]);
    await executor.executeMigration(new Migration(undefined, timestamp, instance.name, instance));
  }
}
