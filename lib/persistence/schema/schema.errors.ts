import { WebhooksError } from '../../domain/webhooks.error.js';

/** The database lacks our migrations, tables, columns or keys. The app does not start. */
export class WebhooksSchemaError extends WebhooksError {
  readonly code = 'webhooks/schema-behind';

  /** @param problems sentences: what is wrong, and what to do */
  constructor(readonly problems: readonly string[]) {
    super(problems.join(' '));
  }
}

/** Our tables could not be looked at, or made: `cause` says why, and so does the message. The app does not start. */
export class WebhooksSchemaUnreadableError extends WebhooksError {
  readonly code = 'webhooks/schema-unreadable';

  constructor(doing: 'checked' | 'made' | 'changed', cause: unknown) {
    super(`The tables of webhooks could not be ${doing}. The database says: ${messageOf(cause)}`, { cause });
  }
}

/** This app's user of the database may not do what webhooks need. The app does not start. */
export class WebhooksPrivilegesError extends WebhooksError {
  readonly code = 'webhooks/missing-privileges';

  /** @param missing such as `INSERT on webhook_attempts` */
  constructor(readonly missing: readonly string[]) {
    super(
      `The database user of this app lacks privileges: ${missing.join(', ')}. Without them events and outcomes are lost. ` +
        'GRANT them to it; webhooks need SELECT, INSERT, UPDATE and DELETE on all of their tables.',
    );
  }
}

/** The database takes no writes: it is a replica, or read-only. The app does not start. */
export class WebhooksReadOnlyError extends WebhooksError {
  readonly code = 'webhooks/database-read-only';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The database takes no writes: ${reason}. Point the DataSource to the primary, or end its read-only mode.`,
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

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
