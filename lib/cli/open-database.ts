import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { checkDatabase } from '../config/database-option.js';
import { InvalidWebhooksOptionError } from '../domain/webhooks.error.js';
import { thrownText } from '../domain/shown-text.js';
import { webhooksEntities } from '../persistence/entities.js';
import { webhooksMigrations } from '../persistence/migrations/index.js';
import { UsageError, type Given } from './command.js';
import type { DATABASE_OPTIONS } from './database-options.js';
import { loadExport } from './load-exports.js';

/** The database does not answer, or rejects the user. */
export class DatabaseAwayError extends UsageError {}

type Values = Given<typeof DATABASE_OPTIONS>['values'];

/** The schema of the option `database`, in which the module creates its tables itself. */
const OWN_MIGRATIONS = 'webhook_migrations';

/**
 * Opens the database, runs the work, and closes it. Uses only the connection settings of the app. @throws UsageError
 */
export async function withDatabase<Result>(
  values: Values,
  work: (dataSource: DataSource) => Promise<Result>,
): Promise<Result> {
  const options = await optionsOf(values);
  let dataSource = await opened(options);
  try {
    if (options.migrationsTableName === undefined && (await hasOwnMigrations(dataSource))) {
      await dataSource.destroy();
      dataSource = await opened({ ...options, migrationsTableName: OWN_MIGRATIONS });
    }
    return await work(dataSource);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
  }
}

async function opened(options: DataSourceOptions): Promise<DataSource> {
  try {
    return await new DataSource(options).initialize();
  } catch (error) {
    throw new DatabaseAwayError(
      `The database can't be opened: ${thrownText(error) || (error as { code?: string }).code}`,
    );
  }
}

async function optionsOf(values: Values): Promise<DataSourceOptions> {
  const table = values['migrations-table'];
  return {
    ...(await connection(values)),
    ...(table === undefined ? {} : { migrationsTableName: table }),
    entities: webhooksEntities,
    migrations: webhooksMigrations,
    subscribers: [],
    synchronize: false,
    dropSchema: false,
    migrationsRun: false,
    logging: false,
  } as DataSourceOptions;
}

async function connection(values: Values): Promise<DataSourceOptions> {
  const file = values['data-source'];
  if (file !== undefined) {
    if (values.database !== undefined) throw new UsageError('Give --database or --data-source, not both.');
    return (await loadExport(file, values.export, 'DataSource', isDataSource)).options;
  }
  const url = values.database ?? process.env.DATABASE_URL;
  if (!url) throw new UsageError('Say which database with --database, DATABASE_URL or --data-source.');
  try {
    return checkDatabase({ database: url })!;
  } catch (error) {
    if (!(error instanceof InvalidWebhooksOptionError)) throw error;
    throw new UsageError(`--database ${error.message.replace(/^database /, '')}`);
  }
}

/** Prefers the TypeORM that the app has installed. */
const isDataSource = (value: unknown): value is DataSource =>
  typeof value === 'object' && value !== null && 'options' in value && 'createQueryRunner' in value;

async function hasOwnMigrations(dataSource: DataSource): Promise<boolean> {
  const queryRunner = dataSource.createQueryRunner('master');
  try {
    return await queryRunner.hasTable(dataSource.driver.buildTableName(OWN_MIGRATIONS, schemaOf(dataSource)));
  } finally {
    await queryRunner.release();
  }
}

const schemaOf = ({ options }: DataSource): string | undefined => (options as { schema?: string }).schema;
