import type { DataSource, EntityManager, EntitySubscriberInterface } from 'typeorm';

/** An `EntityManager`, a `QueryRunner` or a query builder. */
interface OfDataSource {
  readonly dataSource?: DataSource;
  /** The name of the property in TypeORM 0.3; 1 has renamed it to `dataSource`. */
  readonly connection?: DataSource;
}

/** The `DataSource` of an object of TypeORM 0.3 or 1; `undefined` for any other object. */
export function dataSourceOf(part: object): DataSource | undefined {
  const { dataSource, connection } = part as OfDataSource;
  return dataSource ?? connection;
}

/** Like `dataSourceOf`, for objects that TypeORM itself made. */
export function mustHaveDataSource(part: object): DataSource {
  const dataSource = dataSourceOf(part);
  if (!dataSource) throw new TypeError(`TypeORM gave a ${part.constructor.name} of no DataSource.`);
  return dataSource;
}

/** By TypeORM's own mark: an app may have loaded TypeORM twice, and libraries pass proxies. */
export const isEntityManager = (value: unknown): value is EntityManager =>
  (value as { '@instanceof'?: unknown } | null | undefined)?.['@instanceof'] === Symbol.for('EntityManager');

/** Subscribes once, however often it is called. `DataSource.initialize` makes the list of subscribers anew. */
export function subscribeTo({ subscribers }: DataSource, subscriber: EntitySubscriberInterface): void {
  if (!subscribers.includes(subscriber)) subscribers.push(subscriber);
}

export function unsubscribeFrom({ subscribers }: DataSource, subscriber: EntitySubscriberInterface): void {
  const index = subscribers.indexOf(subscriber);
  if (index >= 0) subscribers.splice(index, 1);
}

/** PostgreSQL: the schema in the options. */
export const schemaOf = ({ options }: DataSource): string | undefined =>
  (options as { schema?: string }).schema;
