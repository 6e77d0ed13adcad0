import type { Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * A transaction of the app's own data layer, as `emit` needs it. `nestjs-webhooks/transactions` makes one from a
 * transaction of `pg`, `mysql2`, Prisma, Drizzle or Kysely. For another library it is a function of a few lines.
 */
export interface WebhooksTransaction {
  /**
   * Runs one statement in the transaction, on its connection.
   * @param sql with the placeholders of the database: `$1`, `$2` … on PostgreSQL, `?` on the others
   * @param parameters texts, numbers and nulls, one for each placeholder; on MySQL and SQLite also values that a query
   * returned
   * @returns its rows, with unchanged names of columns; `[]` for a statement without rows
   */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]>;
  /** The kind of database, if known: a transaction of another kind than the webhooks' is refused. */
  readonly dialect?: 'postgres' | 'mysql' | 'sqlite';
}

/** Options of an event, besides its payload. */
export interface EmitWebhookOptions {
  /** Who owns the event. Required in an app with tenants (options `tenants` and `api.tenant`); `''` in an app with no tenants. */
  tenant?: string;
  /** The manager of the caller's transaction. The event is stored and sent only if that commits. */
  manager?: EntityManager;
  /**
   * The caller's transaction, of another library than TypeORM. The event is stored and sent only if that commits. Then
   * it is due at once: a worker finds it at its next poll, or when the app calls `webhooks.wake()` after the commit.
   */
  transaction?: WebhooksTransaction;
  /**
   * At most 255 characters. A second emit with the same key and tenant stores nothing and resolves with the first
   * event.
   */
  idempotencyKey?: string;
}

/**
 * Returns the caller's transaction: its manager, or that of another library than TypeORM. Without a transaction:
 * `undefined`, or a manager that is in none.
 */
export type CurrentManager = () => EntityManager | WebhooksTransaction | null | undefined;

/** A value, or a function that makes it from the arguments. */
export type FromArguments<Arguments extends readonly unknown[], Value> =
  Value | ((...args: Arguments) => Value | Promise<Value>);

/**
 * How something that happened in the app becomes a webhook. `Arguments` are the values that it happened with. Each
 * function may be async. If one throws, the emit fails.
 */
export interface WebhookMappingOptions<Arguments extends readonly unknown[]> {
  /** The event's data. Default: the first argument; only the fields that the payload class names are sent. */
  data?: (...args: Arguments) => unknown;
  tenant?: FromArguments<Arguments, string>;
  /** Emits only if this returns true. */
  when?: (...args: Arguments) => boolean | Promise<boolean>;
  idempotencyKey?: FromArguments<Arguments, string | undefined>;
  manager?: (...args: Arguments) => EntityManager | undefined | Promise<EntityManager | undefined>;
  /**
   * Instead of `manager`, for another library than TypeORM. Call `webhooks.wake()` after the commit; otherwise the next
   * poll finds the event.
   */
  transaction?: (
    ...args: Arguments
  ) => WebhooksTransaction | undefined | Promise<WebhooksTransaction | undefined>;
}

/**
 * Maps a domain event of `@nestjs/event-emitter` to a webhook type. Its functions get the values that the event was
 * emitted with, and declare their types themselves: `data: (order: Order) => ({ order_id: order.id })`.
 */
export interface DomainEventMapping extends WebhookMappingOptions<never[]> {
  /** The domain event's name. */
  on: string;
}

/** An older version of an event type: how its data is made, and what the data contains. */
export interface WebhookEventVersionOptions {
  /** Makes the data from that of the next newer version. It must not be async. */
  down: (data: never) => unknown;
  /** The class that the data had, for its schema. Default: none. What `down` makes is held against it once, at the start. */
  payload?: Type<object>;
  /** A JSON Schema of the data. Default: made from `payload`; otherwise, only the example is shown. */
  schema?: Readonly<Record<string, unknown>>;
}

/** One event type of the catalogue. */
export interface WebhookEventTypeOptions {
  description?: string;
  /** The description in other languages, by BCP 47: `{ de: 'Ein Beitrag ging live' }`. */
  descriptions?: Readonly<Record<string, string>>;
  /** The heading that the type is listed under. Default: the first segment of the type. */
  group?: string;
  /** The heading in other languages, by BCP 47: `{ de: 'Beiträge' }`. */
  groups?: Readonly<Record<string, string>>;
  /** A class with class-validator decorators. `emit` refuses data that breaks it. */
  payload?: Type<object>;
  /**
   * What `emit` does with fields that `payload` does not name: leave them out, throw, or send them. Default: `'omit'`,
   * so that an entity with a password hash can be emitted as it is.
   */
  extraFields?: 'omit' | 'refuse' | 'send';
  /** A JSON Schema for the documentation, which the example must satisfy. Default: made from `payload`. */
  schema?: Readonly<Record<string, unknown>>;
  /** Data as it may arrive. The test route sends it; it must satisfy `payload`. Default: `{}`. */
  example?: Readonly<Record<string, unknown>>;
  /**
   * Older versions with other data, by date (see the option `versions`). Each makes its data from that of the next
   * newer version. Default: the data is the same in all.
   */
  versions?: Readonly<Record<string, WebhookEventVersionOptions>>;
  /** Domain events that become this type. */
  on?: string | DomainEventMapping | readonly (string | DomainEventMapping)[];
}

/** The event types that an app sends, by name: `group.name` in lower case. */
export type WebhookEventCatalogueOptions = Readonly<Record<string, WebhookEventTypeOptions>>;
