import type { Type } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/**
 * A transaction of the app's own data layer, as `emit` needs it. `nestjs-webhooks/transactions` makes one of a transaction of `pg`,
 * `mysql2`, Prisma, Drizzle or Kysely; for another library it is a function of a few lines.
 */
export interface WebhooksTransaction {
  /**
   * Runs one statement in the transaction, on its connection.
   * @param sql with the placeholders of the database: `$1`, `$2` … on PostgreSQL, `?` on the others
   * @param parameters texts, numbers and nulls, one for each placeholder; on MySQL and SQLite also whatever a query gave
   * @returns its rows, by the names of their columns as they are; `[]` where the statement gives none
   */
  query(sql: string, parameters: readonly unknown[]): Promise<readonly object[]>;
  /** Whose statements it takes, where that is known: a transaction of another database than the webhooks' is refused. */
  readonly dialect?: 'postgres' | 'mysql' | 'sqlite';
}

/** What an app knows of an event beyond its payload. */
export interface EmitWebhookOptions {
  /** Who owns the event. Required in an app with tenants (options `tenants` and `api.tenant`); `''` in an app with no tenants. */
  tenant?: string;
  /** The manager of the caller's transaction: the event is stored, and sent, only if that commits. */
  manager?: EntityManager;
  /**
   * The caller's transaction, of another library than TypeORM: the event is stored, and sent, only if that commits. It is due at once
   * then; a worker finds it at its next poll, or when the app says `webhooks.wake()` after the commit.
   */
  transaction?: WebhooksTransaction;
  /** At most 255 characters. A second emit with the same key and tenant stores nothing and gives the first event. */
  idempotencyKey?: string;
}

/**
 * Gives the caller's transaction: its manager, or that of another library than TypeORM; where there is none, `undefined` or a manager
 * that is in none.
 */
export type CurrentManager = () => EntityManager | WebhooksTransaction | null | undefined;

/** A value, or how to get it from what happened. */
export type FromArguments<Arguments extends readonly unknown[], Value> =
  Value | ((...args: Arguments) => Value | Promise<Value>);

/**
 * How something that happened in the app becomes a webhook. `Arguments` is what it happened with. Each function may be async; an
 * error of one is an error of the emit.
 */
export interface WebhookMappingOptions<Arguments extends readonly unknown[]> {
  /** The event's data. Default: the first argument itself, of which only what the payload class names is sent. */
  data?: (...args: Arguments) => unknown;
  tenant?: FromArguments<Arguments, string>;
  /** Emits only when this gives true. */
  when?: (...args: Arguments) => boolean | Promise<boolean>;
  idempotencyKey?: FromArguments<Arguments, string | undefined>;
  manager?: (...args: Arguments) => EntityManager | undefined | Promise<EntityManager | undefined>;
  /** In place of `manager`, with another library than TypeORM. Call `webhooks.wake()` after the commit, or the next poll finds the event. */
  transaction?: (
    ...args: Arguments
  ) => WebhooksTransaction | undefined | Promise<WebhooksTransaction | undefined>;
}

/**
 * Maps a domain event of `@nestjs/event-emitter` to a webhook type. Its functions get what the event was emitted
 * with, and state the types themselves: `data: (order: Order) => ({ order_id: order.id })`.
 */
export interface DomainEventMapping extends WebhookMappingOptions<never[]> {
  /** The domain event's name. */
  on: string;
}

/** One event type of the catalogue. */
export interface WebhookEventTypeOptions {
  description?: string;
  /** The description in other languages than that of `description`, by BCP 47: `{ de: 'Ein Beitrag ging live' }`. */
  descriptions?: Readonly<Record<string, string>>;
  /** The heading that the type stands under. Default: the first segment of the type. */
  group?: string;
  /** The heading in other languages, by BCP 47: `{ de: 'Beiträge' }`. */
  groups?: Readonly<Record<string, string>>;
  /** A class with class-validator decorators: data that breaks it is refused at emit. */
  payload?: Type<object>;
  /**
   * What becomes of fields that `payload` does not name: they are left out, the emit is refused, or they are sent. Default:
   * `'omit'`, so that an entity with a password hash can be emitted as it is.
   */
  extraFields?: 'omit' | 'refuse' | 'send';
  /** A JSON Schema for the documentation. Default: made from `payload`. */
  schema?: Readonly<Record<string, unknown>>;
  /** Data as it may arrive. The test route sends it; it must satisfy `payload`. Default: `{}`. */
  example?: Readonly<Record<string, unknown>>;
  /**
   * Older versions whose data is another one, by their days (see the option `versions`): each makes its data of that of the next newer
   * version. Default: the data is the same in all.
   */
  versions?: Readonly<Record<string, { down: (data: never) => unknown }>>;
  /** Domain events that become this type. */
  on?: string | DomainEventMapping | readonly (string | DomainEventMapping)[];
}

/** The event types that an app sends, by name: `group.name` in lower case. */
export type WebhookEventCatalogueOptions = Readonly<Record<string, WebhookEventTypeOptions>>;
