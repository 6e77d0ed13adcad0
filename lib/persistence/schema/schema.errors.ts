import { WebhooksError } from '../../domain/webhooks.error.js';

/** Migrations, tables, columns or keys are missing in the database. The app does not start. */
export class WebhooksSchemaError extends WebhooksError {
  readonly code = 'webhooks/schema-behind';

  /** @param problems sentences that say what is wrong, and what to do */
  constructor(readonly problems: readonly string[]) {
    super(problems.join(' '));
  }
}

/** Our tables could not be read or created; the message and `cause` say why. The app does not start. */
export class WebhooksSchemaUnreadableError extends WebhooksError {
  readonly code = 'webhooks/schema-unreadable';

  constructor(doing: 'checked' | 'made' | 'changed', cause: unknown) {
    super(`The tables of webhooks could not be ${doing}. The database says: ${messageOf(cause)}`, { cause });
  }
}

/** The app's database user lacks privileges that webhooks need. The app does not start. */
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

/** The database is a replica, or read-only. The app does not start. */
export class WebhooksReadOnlyError extends WebhooksError {
  readonly code = 'webhooks/database-read-only';

  constructor(reason: string, options?: ErrorOptions) {
    super(
      `The database takes no writes: ${reason}. Point the DataSource to the primary, or end its read-only mode.`,
      options,
    );
  }
}

/** Our entities are missing in the app's `DataSource`. The app does not start. */
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
